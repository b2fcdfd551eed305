#include "source/cgroup/pids.hpp"

#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

TEST_CASE("threads and their limit, where max is no limit") {
  for (const auto& [mounts, top] : {std::pair{test::kV2Mounts, std::string("cg/")},
                                    std::pair{test::kV1Mounts, std::string("cg/pids/")}}) {
    test::CgroupHost host(mounts);
    host.write(top + "a/pids.current", "3\n");
    host.write(top + "a/pids.max", "50\n");
    host.write(top + "b/pids.current", "4\n");
    host.write(top + "b/pids.max", "max\n");
    host.write(top + "c/pids.current", "many\n");
    host.write(top + "c/pids.max", "0\n");
    Activity activity;
    PidsReader reader(host.tree, host.files, activity, {});
    host.tick(reader);
    CHECK(host.out.value(CgroupPids::current, host.subject("/a")) == 3);
    CHECK(host.out.value(CgroupPids::max, host.subject("/a")) == 50);
    CHECK(host.out.value(CgroupPids::max, host.subject("/b")) == 0);
    CHECK_FALSE(host.out.value(CgroupPids::current, host.subject("/c")));
    CHECK_FALSE(host.out.value(CgroupPids::max, host.subject("/c")));  // none, where 0 is no limit
    CHECK(reader.parse_errors() == 1);
  }
}

TEST_CASE("tasks of a cgroup that used no CPU time are counted again every 5th tick only") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/a/pids.current", "3\n");
  Activity activity;
  PidsReader reader(host.tree, host.files, activity, {});
  host.tick(reader);
  const Subject a = host.subject("/a");
  CHECK(host.out.value(CgroupPids::current, a) == 3);
  activity.set(a, 100);
  host.tick(reader);
  host.write("cg/a/pids.current", "4\n");  // moved in from another cgroup, and idle
  unsigned unseen = 0;
  for (host.tick(reader); !host.out.value(CgroupPids::current, a); host.tick(reader)) ++unseen;
  CHECK(unseen <= 4);
  host.write("cg/a/pids.current", "5\n");
  activity.set(a, 101);
  host.tick(reader);
  CHECK(host.out.value(CgroupPids::current, a) == 5);
}
