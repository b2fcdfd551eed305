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

TEST_CASE("refused forks, and whether a cgroup is populated or frozen") {
  test::CgroupHost v2(test::kV2Mounts);
  v2.write("cg/a/pids.events", "max 7\n");
  v2.write("cg/a/cgroup.events", "populated 1\nfrozen 0\n");
  Activity activity;
  PidsReader reader(v2.tree, v2.files, activity, {});
  v2.tick(reader);
  CHECK(v2.out.value(CgroupPids::events_max, v2.subject("/a")) == 7);
  CHECK(v2.out.value(CgroupPids::populated, v2.subject("/a")) == 1);
  CHECK(v2.out.value(CgroupPids::frozen, v2.subject("/a")) == 0);
  v2.write("cg/a/cgroup.events", "populated 0\nfrozen yes\n");
  v2.ticks(reader, 5);
  v2.tick(reader, true);
  CHECK_FALSE(v2.out.value(CgroupPids::populated, v2.subject("/a")));
  CHECK(reader.parse_errors() == 1);

  test::CgroupHost v1(test::kV1Mounts);
  v1.write("cg/pids/a/pids.events", "max 8\n");
  PidsReader of_v1(v1.tree, v1.files, activity, {});
  v1.tick(of_v1);
  CHECK(v1.out.value(CgroupPids::events_max, v1.subject("/a")) == 8);
  CHECK_FALSE(v1.out.value(CgroupPids::frozen, v1.subject("/a")));
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
