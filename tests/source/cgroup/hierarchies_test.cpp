#include "source/cgroup/hierarchies.hpp"

#include <doctest/doctest.h>

#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

namespace {

constexpr const char* kHybrid =
    "23 1 254:0 / / rw,relatime - ext4 /dev/root rw\n"
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices\n"
    "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

test::MadeUpHost host_of(std::string_view mountinfo, std::string_view directories) {
  return test::MadeUpHost("-- proc/1/mountinfo --\n" + std::string(mountinfo) +
                          std::string(directories));
}

}  // namespace

TEST_CASE(
    "a hybrid host has its v1 hierarchies and the v2 tree, co-mounted controllers share one") {
  const auto mounts = parse_mountinfo(kHybrid);
  REQUIRE(mounts);
  REQUIRE(mounts->size() == 3);
  CHECK((*mounts)[0].has(Controller::cpu));
  CHECK((*mounts)[0].has(Controller::cpuacct));
  CHECK((*mounts)[0].mount_point == "/sys/fs/cgroup/cpu,cpuacct");
  CHECK((*mounts)[1].has(Controller::memory));
  CHECK((*mounts)[2].v2);
}

TEST_CASE("of several mounts of one hierarchy the one that shows most counts") {
  const auto mounts = parse_mountinfo(
      "1 0 0:29 /docker/abc /mnt/part rw - cgroup2 cgroup rw\n"
      "2 0 0:29 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n"
      "3 0 0:29 /docker /mnt/other rw - cgroup2 cgroup rw\n");
  REQUIRE(mounts);
  REQUIRE(mounts->size() == 1);
  CHECK(mounts->front().mount_point == "/sys/fs/cgroup");
}

TEST_CASE("blanks in a mount point are unescaped") {
  const auto mounts = parse_mountinfo("1 0 0:29 / /mnt/a\\040b\\134 rw - cgroup2 cgroup rw\n");
  REQUIRE(mounts);
  CHECK(mounts->front().mount_point == "/mnt/a b\\");
}

TEST_CASE("mountinfo that is none is refused") {
  for (const char* text : {"garbage", "1 2 3", "1 0 0:29 / /sys/fs/cgroup rw cgroup2 cgroup rw",
                           "\xff\xfe\n", "1 0 0:29 / "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_mountinfo(text));
  }
  CHECK(parse_mountinfo("")->empty());
}

TEST_CASE("the layout is found, and which hierarchy has a controller's files") {
  auto made_up = host_of(kHybrid,
                         "-- sys/fs/cgroup/cpu,cpuacct/ --\n-- sys/fs/cgroup/memory/ --\n"
                         "-- sys/fs/cgroup/unified/ --");
  const auto hybrid = Hierarchies::discover(made_up.host);
  CHECK(hybrid.layout() == Layout::hybrid);
  CHECK(hybrid.of(Controller::cpu) == hybrid.of(Controller::cpuacct));
  CHECK(hybrid.of(Controller::memory) == 1U);
  CHECK(hybrid.of(Controller::pids) == hybrid.unified());
  CHECK(hybrid.sees_whole_tree());

  auto v1_host = host_of("1 0 0:1 / /cg/memory rw - cgroup cgroup rw,memory\n", "-- cg/memory/ --");
  const auto v1 = Hierarchies::discover(v1_host.host);
  CHECK(v1.layout() == Layout::v1);
  CHECK_FALSE(v1.of(Controller::cpu));

  auto v2_host = host_of(
      "1 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
      "2 0 0:2 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n",
      "-- sys/fs/cgroup/ --");
  CHECK(Hierarchies::discover(v2_host.host).layout() == Layout::v2);
}

TEST_CASE("without a cgroup mount, or without its directory, there is none") {
  test::MadeUpHost nothing("");
  CHECK(Hierarchies::discover(nothing.host).layout() == Layout::none);
  auto unmounted = host_of("1 0 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "");
  CHECK(Hierarchies::discover(unmounted.host).layout() == Layout::none);
}

TEST_CASE("a part of the tree is known to be one") {
  auto part = host_of("1 0 0:1 /docker/abc /cg rw - cgroup2 cgroup2 rw\n", "-- cg/ --");
  CHECK_FALSE(Hierarchies::discover(part.host).sees_whole_tree());
  // A cgroup namespace calls its own root "/", but only the real one has no cgroup.type.
  auto own = host_of("1 0 0:1 / /cg rw - cgroup2 cgroup2 rw\n", "-- cg/cgroup.type --\ndomain\n");
  CHECK_FALSE(Hierarchies::discover(own.host).sees_whole_tree());
  // The host's tree, mounted for us, seen from a namespace below.
  auto above = host_of("1 0 0:1 /../.. /cg rw - cgroup2 cgroup2 rw\n", "-- cg/ --");
  CHECK(Hierarchies::discover(above.host).sees_whole_tree());
}
