#include "config/label_name.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::config;

TEST_CASE("label names follow Prometheus' rules and leave the metrics' own alone") {
  const std::string_view taken[] = {"device"};
  for (const char* name : {"a", "_a", "Rack_1", "datacenter"})
    CHECK(check_label_name(name, taken) == "");
  for (const char* name :
       {"", "1a", "a-b", "a.b", "ä", "__a", "__name__", "id", "name", "image", "pod", "namespace",
        "container", "le", "quantile", "device", "container_label_team"}) {
    CAPTURE(name);
    CHECK(check_label_name(name, taken) != "");
  }
  CHECK(check_label_name("device", {}) == "");
  CHECK(check_label_name(std::string(129, 'a'), {}) != "");
}

TEST_CASE("label values are anything but empty or huge") {
  CHECK(check_label_value("f\n\"ü\\") == "");
  CHECK(check_label_value("") != "");
  CHECK(check_label_value(std::string(1025, 'a')) != "");
}
