#include "source/walk/groups.hpp"

#include <doctest/doctest.h>

#include "support/fake_walk.hpp"

using namespace hostmeter;
using namespace hostmeter::source::walk;

namespace {

constexpr Subject kBox{3, 1};

struct MadeRow {
  std::initializer_list<std::pair<unsigned, std::uint64_t>> values;
  Row row(bool v2, test::FakeWalk& walk) const {
    for (const auto& [field, value] : values) walk.set(9, field, value);
    return {&walk.row(9), v2};
  }
};

}  // namespace

TEST_CASE("throttling is said only where there is a quota") {
  hostmeter::source::cgroup::Activity activity;
  CpuGroup group(activity);
  CpuGroup::Memory memory;
  test::FakeWalk time, bandwidth;
  const Row usage =
      MadeRow{{{WIRE_WALK_CPU_USAGE, 100}, {WIRE_WALK_CPU_USER, 30}, {WIRE_WALK_CPU_SYSTEM, 10}}}
          .row(false, time);
  const Row quota = MadeRow{
      {{WIRE_WALK_CPU_QUOTA, WIRE_WALK_NO_LIMIT},
       {WIRE_WALK_CPU_PERIODS, 8},
       {WIRE_WALK_CPU_THROTTLED,
        7}}}.row(false, bandwidth);
  Facts<CgroupCpu> facts = group.facts(kBox, std::array{usage, quota}, memory);
  CHECK(facts.get(CgroupCpu::usage_ns) == 100);
  CHECK(facts.get(CgroupCpu::user_ns) == 75);
  CHECK(facts.get(CgroupCpu::system_ns) == 25);
  CHECK_FALSE(facts.get(CgroupCpu::periods));
  CHECK(activity.usage_ns(kBox) == 100);
  bandwidth.set(9, WIRE_WALK_CPU_QUOTA, 50'000'000);
  facts = group.facts(kBox, std::array{usage, quota}, memory);
  CHECK(facts.get(CgroupCpu::periods) == 8);
  CHECK(facts.get(CgroupCpu::throttled_ns) == 7);
  CHECK_FALSE(facts.get(CgroupCpu::burst_ns));  // an older kernel
  facts = group.facts(kBox, std::array{Row{}, Row{}}, memory);
  CHECK(facts.empty());
}

TEST_CASE("user and system do not go back between files and walk") {
  hostmeter::source::cgroup::Activity activity;
  CpuGroup group(activity);
  Facts<CgroupCpu> by_file;
  by_file.set(CgroupCpu::usage_ns, 1000);
  by_file.set(CgroupCpu::user_ns, 400);
  by_file.set(CgroupCpu::system_ns, 600);
  Record record = by_file.part(0, kBox, 0);
  group.from_files(record);
  CHECK(record.value[unsigned(CgroupCpu::user_ns)] == 400);
  CpuGroup::Memory memory;
  group.begin(kBox, memory);
  test::FakeWalk walk;
  const Row row =
      MadeRow{{{WIRE_WALK_CPU_USAGE, 1010}, {WIRE_WALK_CPU_USER, 800}, {WIRE_WALK_CPU_SYSTEM, 200}}}
          .row(false, walk);
  const auto facts = group.facts(kBox, std::array{row, Row{}}, memory);
  CHECK(facts.get(CgroupCpu::user_ns) == 410);
  CHECK(facts.get(CgroupCpu::system_ns) == 600);
  group.end(kBox, memory);
  record = by_file.part(0, kBox, 0);
  group.from_files(record);
  CHECK(record.value[unsigned(CgroupCpu::user_ns)] == 410);
  CHECK(record.value[unsigned(CgroupCpu::system_ns)] == 600);
  // Another cgroup in that slot has nothing of this.
  record = by_file.part(0, {kBox.slot, 2}, 0);
  group.from_files(record);
  CHECK(record.value[unsigned(CgroupCpu::user_ns)] == 400);
}

TEST_CASE("times of v2 are in whole us, as in its files; those of v1 are not") {
  hostmeter::source::cgroup::Activity activity;
  CpuGroup group(activity);
  test::FakeWalk walk;
  Row row = MadeRow{
      {{WIRE_WALK_CPU_USAGE, 7'000'001},
       {WIRE_WALK_CPU_USER, 1'000},
       {WIRE_WALK_CPU_SYSTEM, 2'000},
       {WIRE_WALK_CPU_QUOTA, 1},
       {WIRE_WALK_CPU_THROTTLED, 5'999},
       {WIRE_WALK_CPU_BURST, 4'001},
       {WIRE_WALK_PSI_IO_SOME,
        3'999}}}.row(true, walk);
  CpuGroup::Memory memory;
  Facts<CgroupCpu> facts = group.facts(kBox, std::array{row, row}, memory);
  CHECK(facts.get(CgroupCpu::usage_ns) == 7'000'000);
  CHECK(facts.get(CgroupCpu::user_ns) == 2'333'000);
  CHECK(facts.get(CgroupCpu::system_ns) == 4'666'000);
  CHECK(facts.get(CgroupCpu::throttled_ns) == 5'000);
  CHECK(facts.get(CgroupCpu::burst_ns) == 4'000);
  Nothing none;
  CHECK(PressureGroup::facts(kBox, std::array{row}, none).get(CgroupPressure::io_some) == 3'000);
  row.v2 = false;
  memory = {};
  facts = group.facts(kBox, std::array{row, row}, memory);
  CHECK(facts.get(CgroupCpu::usage_ns) == 7'000'001);
  CHECK(facts.get(CgroupCpu::throttled_ns) == 5'999);
}

TEST_CASE("memory of v2 and of v1 is what the files of each say") {
  Nothing none;
  test::FakeWalk two, one;
  const Row v2 = MadeRow{
      {{WIRE_WALK_MEMORY_USAGE, 100},
       {WIRE_WALK_INACTIVE_FILE, 30},
       {WIRE_WALK_PGFAULT, 5},
       {WIRE_WALK_SWAP_USAGE, 4},
       {WIRE_WALK_EVENTS_LOW, 1},
       {WIRE_WALK_EVENTS_OOM, 2},
       {WIRE_WALK_EVENTS_OOM_KILL,
        3}}}.row(true, two);
  Facts<CgroupMemory> facts = MemoryGroup::facts(kBox, std::array{v2}, none);
  CHECK(facts.get(CgroupMemory::working_set) == 70);
  CHECK(facts.get(CgroupMemory::own_pgfault) == 5);
  CHECK(facts.get(CgroupMemory::swap) == 4);
  CHECK(facts.get(CgroupMemory::events_low) == 1);
  CHECK(facts.get(CgroupMemory::events_oom) == 2);
  CHECK(facts.get(CgroupMemory::oom_kills) == 3);
  CHECK_FALSE(facts.get(CgroupMemory::failcnt));
  const Row v1 = MadeRow{
      {{WIRE_WALK_MEMORY_USAGE, 20},
       {WIRE_WALK_INACTIVE_FILE, 30},
       {WIRE_WALK_PGFAULT, 5},
       {WIRE_WALK_OWN_PGFAULT, 2},
       {WIRE_WALK_SWAP_USAGE, 24},
       {WIRE_WALK_SWAP, 4},
       {WIRE_WALK_MEMORY_FAILCNT, 6},
       {WIRE_WALK_KERNEL_USAGE,
        7}}}.row(false, one);
  facts = MemoryGroup::facts(kBox, std::array{v1}, none);
  CHECK(facts.get(CgroupMemory::working_set) == 0);
  CHECK(facts.get(CgroupMemory::own_pgfault) == 2);
  CHECK(facts.get(CgroupMemory::swap) == 4);  // not memory and swap together
  CHECK(facts.get(CgroupMemory::failcnt) == 6);
  CHECK(facts.get(CgroupMemory::kernel) == 7);
}

TEST_CASE("a limit that is not set is 0, a limit of nothing is absent") {
  Nothing none;
  source::cgroup::Activity activity;
  PidsGroup group(activity);
  PidsGroup::Memory memory;
  test::FakeWalk walk;
  Row row = MadeRow{{{WIRE_WALK_PIDS, 4},
                     {WIRE_WALK_PIDS_MAX, WIRE_WALK_NO_LIMIT},
                     {WIRE_WALK_MEMORY_MAX, WIRE_WALK_NO_LIMIT},
                     {WIRE_WALK_SWAP_MAX, 0},
                     {WIRE_WALK_MEMORY_LOW, WIRE_WALK_NO_LIMIT}}}
                .row(true, walk);
  Facts<CgroupPids> pids = group.facts(kBox, std::array{row, Row{}}, memory);
  CHECK(pids.get(CgroupPids::current) == 4);
  CHECK(pids.get(CgroupPids::max) == 0);
  CHECK_FALSE(pids.get(CgroupPids::frozen));
  Facts<CgroupSpec> spec = SpecGroup::facts(kBox, std::array{Row{}, row}, none);
  CHECK(spec.get(CgroupSpec::memory_limit) == 0);
  CHECK_FALSE(spec.get(CgroupSpec::swap_limit));
  CHECK_FALSE(spec.get(CgroupSpec::memory_reservation));  // all of it, for which there is no number
  row.v2 = false;
  spec = SpecGroup::facts(kBox, std::array{Row{}, row}, none);
  CHECK(spec.get(CgroupSpec::memory_reservation) == 0);
  walk.set(9, WIRE_WALK_PIDS_MAX, 0);
  CHECK_FALSE(group.facts(kBox, std::array{row, Row{}}, memory).get(CgroupPids::max));
}

TEST_CASE("how many tasks there are is known of those alone that are walked at every tick") {
  source::cgroup::Activity activity;
  PidsGroup group(activity);
  PidsGroup::Memory memory;
  test::FakeWalk walk;
  const Row row = MadeRow{{{WIRE_WALK_PIDS, 4}}}.row(true, walk);
  group.facts(kBox, std::array{row, Row{}}, memory);  // to compare it with files
  CHECK_FALSE(activity.tasks(kBox));
  PidsGroup::begin(kBox, memory);
  group.facts(kBox, std::array{row, Row{}}, memory);
  CHECK(activity.tasks(kBox) == 4);
  CHECK_FALSE(activity.tasks({kBox.slot, kBox.generation + 1}));
  group.end(kBox, memory);
  CHECK_FALSE(activity.tasks(kBox));
}

TEST_CASE("shares are those of v1, and on v2 of the weight that the file shows") {
  Nothing none;
  test::FakeWalk walk;
  Row row = MadeRow{{{WIRE_WALK_CPU_SHARES, 1024},
                     {WIRE_WALK_CPU_PERIOD, 100'000'000},
                     {WIRE_WALK_CPU_QUOTA, WIRE_WALK_NO_LIMIT}}}
                .row(false, walk);
  Facts<CgroupSpec> spec = SpecGroup::facts(kBox, std::array{row, Row{}}, none);
  CHECK(spec.get(CgroupSpec::cpu_shares) == 1024);
  CHECK(spec.get(CgroupSpec::cpu_period_ns) == 100'000'000);
  CHECK_FALSE(spec.get(CgroupSpec::cpu_quota_ns));
  row.v2 = true;
  spec = SpecGroup::facts(kBox, std::array{row, Row{}}, none);
  CHECK(spec.get(CgroupSpec::cpu_shares) == 2'597);  // of weight 100
}

TEST_CASE("pressure field by field") {
  Nothing none;
  test::FakeWalk walk;
  const Row row =
      MadeRow{{{WIRE_WALK_PSI_IO_FULL, 1'000}, {WIRE_WALK_PSI_CPU_SOME, 2'000}}}.row(true, walk);
  const auto facts = PressureGroup::facts(kBox, std::array{row}, none);
  CHECK(facts.get(CgroupPressure::io_full) == 1'000);
  CHECK(facts.get(CgroupPressure::cpu_some) == 2'000);
  CHECK_FALSE(facts.get(CgroupPressure::cpu_full));
}
