#include "source/runtime/container_cgroup.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

TEST_CASE("the cgroup is the component with the id, not what its processes made below") {
  CHECK(cgroup_with_id("9:name=systemd:/docker/abc\n0::/docker/abc\n", "abc") == "/docker/abc");
  CHECK(cgroup_with_id("0::/system.slice/docker-abc.scope/init.scope\n", "abc") ==
        "/system.slice/docker-abc.scope");
  CHECK(cgroup_with_id("0::/machine.slice/libpod-abc.scope/container\n", "abc") ==
        "/machine.slice/libpod-abc.scope");
}

TEST_CASE("of hierarchies that differ memory's counts") {
  CHECK(cgroup_with_id("3:cpu,cpuacct:/x/abc\n2:memory:/y/abc\n0::/z/abc\n", "abc") == "/y/abc");
}

TEST_CASE("a process that is not in the container's cgroup is another's") {
  CHECK_FALSE(cgroup_with_id("0::/docker/other\n", "abc"));
  CHECK_FALSE(cgroup_with_id("0::/../docker/abc\n", "abc"));
  CHECK_FALSE(cgroup_with_id("0::/docker/abc\n", ""));
  CHECK_FALSE(cgroup_with_id("", "abc"));
  CHECK_FALSE(cgroup_with_id("nonsense abc", "abc"));
}

TEST_CASE("one that does not run is shown where its engine would put it") {
  CHECK(usual_cgroup(Runtime::docker, "abc", false, "") == "/docker/abc");
  CHECK(usual_cgroup(Runtime::docker, "abc", false, "/lab/") == "/lab/abc");
  CHECK(usual_cgroup(Runtime::docker, "abc", true, "") == "/system.slice/docker-abc.scope");
  CHECK(usual_cgroup(Runtime::docker, "abc", true, "a-b.slice") ==
        "/a.slice/a-b.slice/docker-abc.scope");
  CHECK(usual_cgroup(Runtime::podman, "abc", false, "") == "/libpod_parent/libpod-abc");
  CHECK(usual_cgroup(Runtime::podman, "abc", true, "") == "/machine.slice/libpod-abc.scope");
}
