#include "source/bpf/run_queue_rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hostmeter;
using namespace hostmeter::source::bpf;

namespace {

constexpr unsigned kCpus = 2, kSlots = 4;

struct Fixture {
  std::vector<wire_run_queue> memory = std::vector<wire_run_queue>(kSlots * kCpus);
  RunQueueRows rows{memory, kCpus};

  // As the kernel does it.
  void put(std::uint32_t slot, unsigned cpu, std::uint64_t cgroup_id, std::uint32_t waits) {
    wire_run_queue& row = memory[slot * kCpus + cpu];
    row = {};
    row.cgroup_id = cgroup_id;
    row.waits.count[7] = waits;
    row.waits.sum_ns = waits * 100'000ULL;
    if (slot != 0 && memory[cpu].cgroup_id < slot) memory[cpu].cgroup_id = slot;
  }
  std::uint32_t waits(std::uint64_t cgroup_id) {
    std::uint32_t found = 0;
    for (const RunQueueRow& row : rows.read())
      if (row.key.cgroup_id == cgroup_id) found += row.sum.count[7];
    return found;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a cgroup's waits are summed up over the CPUs") {
  put(1, 0, 500, 3);
  put(1, 1, 500, 4);
  put(3, 1, 501, 5);
  CHECK(rows.read().size() == 3);
  CHECK(rows.used() == 2);
  CHECK(waits(500) == 7);
  CHECK(waits(501) == 5);
  CHECK(rows.find({500, 1})->sum_ns == 700'000);
  CHECK_FALSE(rows.find({500, 2}));
}

TEST_CASE_FIXTURE(Fixture, "what changed since the last reading is told of once") {
  put(1, 0, 500, 3);
  put(3, 1, 501, 5);
  CHECK(rows.read_changed().size() == 3);
  CHECK(rows.read_changed().empty());
  put(3, 0, 501, 1);
  auto changed = rows.read_changed();
  REQUIRE(changed.size() == 1);
  CHECK(changed.front().key.cgroup_id == 501);
  CHECK(changed.front().sum.count[7] == 6);
  rows.read();
  CHECK(rows.read_changed().empty());
  put(2, 0, 502, 1);  // those behind it have other places
  changed = rows.read_changed();
  CHECK(std::ranges::any_of(changed, [](const RunQueueRow& row) { return row.key.slot == 2; }));
  memory[0].waits.count[3] = 7;  // beyond the last slot
  changed = rows.read_changed();
  REQUIRE(changed.size() == 1);
  CHECK(changed.front().key.slot == 0);
  CHECK(rows.beyond() == 7);
}

TEST_CASE_FIXTURE(Fixture, "a slot that another cgroup has taken on one CPU is two cgroups'") {
  put(2, 0, 500, 3);
  put(2, 1, 500, 4);
  put(2, 1, 777, 1);
  CHECK(waits(500) == 3);
  CHECK(waits(777) == 1);
  rows.release({500, 2});
  CHECK(waits(500) == 0);
  CHECK(waits(777) == 1);  // not touched
}

TEST_CASE_FIXTURE(Fixture, "slots above the highest that was used are not looked at") {
  put(1, 0, 500, 3);
  memory[3 * kCpus].cgroup_id = 999;
  CHECK(rows.read().size() == 2);
  memory[0].cgroup_id = 1'000'000;  // whatever it says, there are but so many
  CHECK(rows.read().size() == 3);
}

TEST_CASE_FIXTURE(Fixture, "what there is no slot for is of no cgroup, and adds up") {
  memory[0].waits.count[7] = 2;
  memory[1].waits.count[9] = 1;
  CHECK(waits(0) == 2);
  CHECK(rows.beyond() == 3);
  memory[1].waits.count[9] = 5;
  rows.read();
  CHECK(rows.beyond() == 7);
  rows.release({0, 0});
  CHECK(waits(0) == 2);
}
