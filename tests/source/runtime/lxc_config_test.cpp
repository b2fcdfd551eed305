#include "source/runtime/lxc_config.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hostmeter;
using source::runtime::describe_lxc;

namespace {

std::string made_by(std::string_view name, std::string_view parameters) {
  return "# Template used to create this container: /usr/share/lxc/templates/" + std::string(name) +
         "\n# Parameters passed to the template: " + std::string(parameters) +
         "\n# Template script checksum (SHA-1): 0123\nlxc.uts.name = c1\n";
}
std::string image(std::string_view name, std::string_view parameters) {
  return describe_lxc(made_by(name, parameters), "c1").image;
}

}  // namespace

TEST_CASE("a container of LXC is called as its directory") {
  const Description made = describe_lxc("lxc.uts.name = other\n", "c1");
  CHECK(made.runtime == Runtime::lxc);
  CHECK(made.container_id == "c1");
  CHECK(made.name == "c1");
  CHECK(made.image.empty());
}

TEST_CASE("its image is what lxc-create was told") {
  CHECK(image("lxc-download", "-d debian -r bookworm -a amd64") == "debian/bookworm/amd64");
  CHECK(image("lxc-download", "--dist=alpine --release 3.19") == "alpine/3.19");
  CHECK(image("lxc-oci", "--url docker://nginx:1.25") == "nginx:1.25");
  CHECK(image("lxc-oci", "-u oci:/srv/image:1") == "oci:/srv/image:1");
}

TEST_CASE("without a word about it there is none") {
  CHECK(image("lxc-busybox", "-d debian").empty());
  CHECK(image("lxc-download", "").empty());
  CHECK(image("lxc-download", "-d").empty());
  CHECK(image("lxc-oci", "").empty());
  CHECK(describe_lxc(std::string(100'000, '#'), "c1").image.empty());
}
