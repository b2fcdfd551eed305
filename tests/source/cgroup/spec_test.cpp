#include "source/cgroup/spec.hpp"

#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

TEST_CASE("quotas of v1 and v2") {
  CHECK(*parse_cfs_quota("50000\n") == 50'000'000U);
  CHECK(*parse_cfs_quota("-1\n") == std::nullopt);
  CHECK(parse_cpu_max("50000 100000\n")->get(CgroupSpec::cpu_quota_ns) == 50'000'000U);
  CHECK(parse_cpu_max("max 100000\n")->get(CgroupSpec::cpu_period_ns) == 100'000'000U);
  CHECK_FALSE(parse_cpu_max("max 100000\n")->get(CgroupSpec::cpu_quota_ns));
  for (const char* text : {"", "\n", "max\n", "max x\n", "-1 100000\n", "1 100000",
                           "18446744073709551615 100000\n", "1 18446744073709551615\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_cpu_max(text));
  }
  for (const char* text : {"", "-2\n", "x\n", "18446744073709551615\n", "1 2\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_cfs_quota(text));
  }
}

TEST_CASE("weights are put on the scale of shares") {
  CHECK(shares_of_weight(1) == 2);
  CHECK(shares_of_weight(39) == 998);  // what runtimes make of 1024
  CHECK(shares_of_weight(10'000) == 262'144);
  CHECK(shares_of_weight(0) == 2);
  CHECK(shares_of_weight(~std::uint64_t{0}) == 262'144);
}

TEST_CASE("no limit is 0, whichever way the kernel says it") {
  CHECK(*parse_limit("max\n", "") == 0);
  CHECK(*parse_limit("9223372036854771712\n", "") == 0);
  CHECK(*parse_limit("67108864\n", "") == 67'108'864);
  REQUIRE(parse_limit("0\n", ""));
  CHECK_FALSE(*parse_limit("0\n", ""));  // a limit, and the metrics' 0 is none
  CHECK_FALSE(parse_limit("-1\n", ""));
  CHECK_FALSE(parse_limit("67108864", ""));
  CHECK_FALSE(parse_limit("", ""));
}

TEST_CASE("v2 and v1 limits") {
  test::CgroupHost v2(test::kV2Mounts);
  v2.write("cg/a/cpu.max", "50000 100000\n");
  v2.write("cg/a/cpu.weight", "100\n");
  v2.write("cg/a/memory.max", "67108864\n");
  v2.write("cg/a/memory.swap.max", "max\n");
  v2.write("cg/a/memory.low", "0\n");
  SpecReader reader(v2.tree, v2.files, {});
  v2.tick(reader);
  const Subject a = v2.subject("/a");
  CHECK(v2.out.value(CgroupSpec::cpu_quota_ns, a) == 50'000'000);
  CHECK(v2.out.value(CgroupSpec::cpu_shares, a) == shares_of_weight(100));
  CHECK(v2.out.value(CgroupSpec::memory_limit, a) == 67'108'864);
  CHECK(v2.out.value(CgroupSpec::swap_limit, a) == 0);

  test::CgroupHost v1(test::kV1Mounts);
  v1.write("cg/cpu/a/cpu.cfs_quota_us", "-1\n");
  v1.write("cg/cpu/a/cpu.cfs_period_us", "100000\n");
  v1.write("cg/cpu/a/cpu.shares", "512\n");
  v1.write("cg/memory/a/memory.limit_in_bytes", "9223372036854771712\n");
  SpecReader reader_v1(v1.tree, v1.files, {});
  v1.tick(reader_v1);
  CHECK_FALSE(v1.out.value(CgroupSpec::cpu_quota_ns, v1.subject("/a")));
  CHECK(v1.out.value(CgroupSpec::cpu_period_ns, v1.subject("/a")) == 100'000'000);
  CHECK(v1.out.value(CgroupSpec::cpu_shares, v1.subject("/a")) == 512);
  CHECK(v1.out.value(CgroupSpec::memory_limit, v1.subject("/a")) == 0);
  CHECK_FALSE(v1.out.value(CgroupSpec::swap_limit, v1.subject("/a")));
  CHECK(reader_v1.read_errors() + reader_v1.parse_errors() == 0);
}

TEST_CASE("a changed limit is seen within its turn") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/a/memory.max", "1\n");
  SpecReader reader(host.tree, host.files, {});
  host.tick(reader);
  host.write("cg/a/memory.max", "2\n");
  std::optional<std::uint64_t> limit;
  for (unsigned i = 0; i < 60 && !limit; ++i) {
    host.tick(reader);
    limit = host.out.value(CgroupSpec::memory_limit, host.subject("/a"));
  }
  CHECK(limit == 2);
}

TEST_CASE("limits written after the cgroup was first seen show at the next tick") {
  test::CgroupHost host(test::kV2Mounts);
  SpecReader reader(host.tree, host.files, {});
  host.ticks(reader, 20);
  host.write("cg/a/memory.max", "max\n");
  host.tick(reader);
  const Subject a = host.subject("/a");
  CHECK(host.out.value(CgroupSpec::memory_limit, a) == 0);
  host.write("cg/a/memory.max", "67108864\n");
  host.write("cg/a/cpu.max", "50000 100000\n");  // absent at the first look
  host.tick(reader);
  CHECK(host.out.value(CgroupSpec::memory_limit, a) == 67'108'864);
  CHECK(host.out.value(CgroupSpec::cpu_quota_ns, a) == 50'000'000);
}

TEST_CASE("a file absent at the first look is asked for at each later one") {
  test::CgroupHost host(test::kV2Mounts, "-- cg/a/ --\n");
  SpecReader reader(host.tree, host.files, {});
  host.ticks(reader, 20);
  host.write("cg/a/memory.max", "4096\n");
  std::optional<std::uint64_t> limit;
  for (unsigned i = 0; i < 60 && !limit; ++i) {
    host.tick(reader);
    limit = host.out.value(CgroupSpec::memory_limit, host.subject("/a"));
  }
  CHECK(limit == 4096);
}

TEST_CASE("nothing allowed is not no limit, and everything kept is not nothing") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/a/memory.max", "0\n");
  host.write("cg/a/memory.swap.max", "0\n");
  host.write("cg/a/memory.low", "max\n");
  host.write("cg/b/memory.low", "0\n");
  SpecReader reader(host.tree, host.files, {});
  host.tick(reader);
  const Subject a = host.subject("/a");
  CHECK_FALSE(host.out.value(CgroupSpec::memory_limit, a));
  CHECK_FALSE(host.out.value(CgroupSpec::swap_limit, a));
  CHECK_FALSE(host.out.value(CgroupSpec::memory_reservation, a));
  CHECK(host.out.value(CgroupSpec::memory_reservation, host.subject("/b")) == 0);
  CHECK(reader.parse_errors() == 0);
}
