#include "contract/telegraf/image.hpp"

#include <doctest/doctest.h>

using hostmeter::contract::telegraf::image_of;

TEST_CASE("an image is a name and a version") {
  const auto is = [](const char* reference, const char* name, const char* version) {
    CAPTURE(reference);
    const auto image = image_of(reference);
    CHECK(image.name == name);
    CHECK(image.version == version);
  };
  is("nginx:1.25", "nginx", "1.25");
  is("nginx", "nginx", "unknown");
  is("web/nginx:1", "web/nginx", "1");
  is("registry:5000/web/nginx", "registry:5000/web/nginx", "unknown");
  is("registry:5000/web/nginx:1.25", "registry:5000/web/nginx", "1.25");
  is("localhost/a:b", "localhost/a", "b");
  is("sha256:0123", "sha256", "0123");
  is("", "", "unknown");
}
