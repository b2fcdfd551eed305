#include "source/cgroup/cpu.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

TEST_CASE("v2's cpu.stat in ns") {
  const auto facts = parse_cpu_stat(
      "usage_usec 107455890\nuser_usec 68075466\nsystem_usec 39380424\nnice_usec 0\n"
      "nr_periods 10\nnr_throttled 3\nthrottled_usec 7\nnr_bursts 0\nburst_usec 0\n");
  REQUIRE(facts);
  CHECK(facts->get(CgroupCpu::usage_ns) == 107'455'890'000);
  CHECK(facts->get(CgroupCpu::throttled_periods) == 3);
  CHECK(facts->get(CgroupCpu::throttled_ns) == 7'000);
}

TEST_CASE("CPU files that are none are refused") {
  for (const char* text : {"", "usage_usec 1", "usage_usec\n", "usage_usec -1\n", "usage_usec x\n",
                           "usage_usec 99999999999999999999\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_cpu_stat(text));
  }
  CHECK(parse_cpu_stat("usage_usec 18446744073709551615\n").error().code == ERANGE);
  CHECK_FALSE(parse_cpuacct_stat("user 18446744073709551615\nsystem 0\n"));
  CHECK_FALSE(parse_throttling("nr_periods -1\n"));
}

TEST_CASE("v2: throttling is said only where there is a quota") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/a/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 8\n");
  host.write("cg/a/cpu.max", "50000 100000\n");
  host.write("cg/b/cpu.stat", "usage_usec 6\nuser_usec 3\nsystem_usec 3\nnr_periods 8\n");
  host.write("cg/b/cpu.max", "max 100000\n");
  Activity activity;
  CpuReader reader(host.tree, host.files, activity, {});
  host.tick(reader);
  CHECK(host.out.value(CgroupCpu::usage_ns, host.subject("/a")) == 5'000);
  CHECK(host.out.value(CgroupCpu::periods, host.subject("/a")) == 8);
  CHECK(host.out.value(CgroupCpu::usage_ns, host.subject("/b")) == 6'000);
  CHECK_FALSE(host.out.value(CgroupCpu::periods, host.subject("/b")));
  CHECK(reader.read_errors() + reader.parse_errors() == 0);
}

TEST_CASE("v1: usage in ns, user and system in ticks, throttling with a quota") {
  test::CgroupHost host(test::kV1Mounts);
  host.write("cg/cpuacct/docker/cpuacct.usage", "1243802588\n");
  host.write("cg/cpuacct/docker/cpuacct.stat", "user 120\nsystem 4\n");
  host.write("cg/cpu/docker/cpu.cfs_quota_us", "50000\n");
  host.write("cg/cpu/docker/cpu.stat", "nr_periods 9\nnr_throttled 2\nthrottled_time 55\n");
  Activity activity;
  CpuReader reader(host.tree, host.files, activity, {});
  host.tick(reader);
  const Subject docker = host.subject("/docker");
  CHECK(host.out.value(CgroupCpu::usage_ns, docker) == 1'243'802'588);
  CHECK(host.out.value(CgroupCpu::user_ns, docker) == 1'200'000'000);
  CHECK(host.out.value(CgroupCpu::throttled_ns, docker) == 55);
  host.write("cg/cpu/docker/cpu.cfs_quota_us", "-1\n");
  host.ticks(reader, 60);
  host.tick(reader, true);
  CHECK(host.out.value(CgroupCpu::usage_ns, docker) == 1'243'802'588);
  CHECK_FALSE(host.out.value(CgroupCpu::periods, docker));
}

TEST_CASE("hybrid: a cgroup that is only in the v2 tree is read there") {
  test::CgroupHost host(test::kV1Mounts);
  host.write("cg/unified/only/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\n");
  Activity activity;
  CpuReader reader(host.tree, host.files, activity, {});
  host.tick(reader);
  CHECK(host.out.value(CgroupCpu::usage_ns, host.subject("/only")) == 5'000);
}

TEST_CASE("hybrid: a cgroup seen in the v2 tree first is read where the controller is") {
  test::CgroupHost host(test::kV1Mounts);
  host.write("cg/unified/late/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\n");
  Activity activity;
  CpuReader reader(host.tree, host.files, activity, {});
  host.tick(reader);
  const Subject late = host.subject("/late");
  host.write("cg/cpuacct/late/cpuacct.usage", "7000000\n");
  host.write("cg/cpuacct/late/cpuacct.stat", "user 120\nsystem 4\n");
  host.tick(reader);
  CHECK(host.out.value(CgroupCpu::usage_ns, late) == 7'000'000);
  CHECK(host.out.value(CgroupCpu::user_ns, late) == 1'200'000'000);
  CHECK(reader.parse_errors() == 0);
}

TEST_CASE("a quota written after the cgroup was first seen shows at the next tick") {
  for (const bool v2 : {true, false}) {
    test::CgroupHost host(v2 ? test::kV2Mounts : test::kV1Mounts);
    Activity activity;
    CpuReader reader(host.tree, host.files, activity, {});
    host.ticks(reader, 20);
    host.write("cg/cpuacct/a/cpuacct.usage", "1\n");
    host.write("cg/a/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 8\n");
    host.write("cg/cpu/a/cpu.stat", "nr_periods 8\nnr_throttled 2\nthrottled_time 55\n");
    host.tick(reader);
    CHECK_FALSE(host.out.value(CgroupCpu::periods, host.subject("/a")));
    host.write(v2 ? "cg/a/cpu.max" : "cg/cpu/a/cpu.cfs_quota_us",
               v2 ? "50000 100000\n" : "50000\n");
    host.tick(reader);
    CHECK(host.out.value(CgroupCpu::periods, host.subject("/a")) == 8);
  }
}

TEST_CASE("a damaged file takes its values back and counts one error; a gone one none") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/a/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\n");
  Activity activity;
  CpuReader reader(host.tree, host.files, activity, {});
  host.tick(reader);
  CHECK(host.out.value(CgroupCpu::usage_ns, host.subject("/a")) == 5'000);
  host.tick(reader);
  CHECK(host.out.value(CgroupCpu::usage_ns, host.subject("/a")) == std::nullopt);  // as before
  host.write("cg/a/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2");
  host.tick(reader);
  CHECK(std::ranges::count(host.out.records, Group::cgroup_cpu, &Record::group) == 1);
  CHECK(host.out.records.back().group == Group::cgroup_cpu);
  CHECK(host.out.records.back().present == 0);  // usage taken back
  CHECK(reader.parse_errors() == 1);
  host.remove("cg/a");
  host.tick(reader);
  CHECK(reader.parse_errors() == 1);
  CHECK(reader.read_errors() == 0);
}
