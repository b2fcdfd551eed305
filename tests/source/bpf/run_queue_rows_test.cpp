#include "source/bpf/run_queue_rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hostmeter;
using namespace hostmeter::source::bpf;

namespace {

constexpr unsigned kCpus = 3, kSlots = 12;

struct Fixture {
  std::vector<wire_run_queue> memory = std::vector<wire_run_queue>(kSlots * kCpus);
  std::vector<wire_run_queue_marks> marks =
      std::vector<wire_run_queue_marks>(kSlots / WIRE_RUN_QUEUE_MARKS + 1);
  RunQueueRows rows{memory, marks, kCpus};

  // As the kernel does it.
  void put(std::uint32_t slot, unsigned cpu, std::uint64_t cgroup_id, std::uint32_t waits) {
    wire_run_queue& row = memory[slot * kCpus + cpu];
    row = {};
    row.cgroup_id = cgroup_id;
    row.waits.count[7] = waits;
    row.waits.sum_ns = waits * 100'000ULL;
    marks[slot / WIRE_RUN_QUEUE_MARKS].grown[slot % WIRE_RUN_QUEUE_MARKS] = 1;
  }
  std::vector<std::uint32_t> grown() {
    std::vector<std::uint32_t> slots;
    for (const RunQueueRow& row : rows.read_grown()) slots.push_back(row.key.slot);
    return slots;
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
  CHECK(waits(500) == 7);
  CHECK(waits(501) == 5);
  CHECK(rows.find({500, 1})->sum_ns == 700'000);
  CHECK_FALSE(rows.find({500, 2}));
}

TEST_CASE_FIXTURE(Fixture, "only slots that grew are read, and once more") {
  using Slots = std::vector<std::uint32_t>;
  put(1, 0, 500, 3);
  put(9, 1, 501, 5);
  CHECK(grown() == Slots{1, 9});
  CHECK(grown() == Slots{1, 9});
  CHECK(grown() == Slots{});
  memory[1 * kCpus].waits.count[7] += 1;  // without a mark, nobody looks
  CHECK(grown() == Slots{});
  put(9, 0, 501, 1);
  REQUIRE(grown() == Slots{9});
  CHECK(rows.read().size() == 3);
  put(2, 0, 502, 1);
  CHECK(grown() == Slots{2, 9});
  put(9, 1, 501, 7);
  CHECK(grown() == Slots{2, 9});
  CHECK(grown() == Slots{9});
  CHECK(grown() == Slots{});
}

TEST_CASE_FIXTURE(Fixture, "what grew after its mark was taken is seen at the next reading") {
  put(1, 0, 500, 3);
  REQUIRE(rows.read_grown().size() == 1);
  memory[1 * kCpus].waits.count[7] = 4;
  const auto grew = rows.read_grown();
  REQUIRE(grew.size() == 1);
  CHECK(grew.front().sum.count[7] == 4);
}

TEST_CASE_FIXTURE(Fixture, "every slot has a mark of its own") {
  for (std::uint32_t slot = 1; slot < kSlots; ++slot) {
    put(slot, slot % kCpus, 500 + slot, 1);
    CHECK(grown() == std::vector{slot});
    grown();
  }
}

TEST_CASE_FIXTURE(Fixture, "a slot that grew is read with all its CPUs") {
  put(9, 0, 501, 1);
  put(9, 1, 501, 5);
  put(9, 2, 777, 9);
  const auto grew = rows.read_grown();
  REQUIRE(grew.size() == 2);
  CHECK(grew[0].key.cgroup_id == 501);
  CHECK(grew[0].sum.count[7] == 6);
  CHECK(grew[1].key.cgroup_id == 777);
  CHECK(grew[1].sum.count[7] == 9);
}

TEST_CASE_FIXTURE(Fixture, "what is beyond the last slot grows, too") {
  put(0, 0, 0, 7);
  auto grew = rows.read_grown();
  REQUIRE(grew.size() == 1);
  CHECK(grew.front().key.slot == 0);
  CHECK(grew.front().sum.count[7] == 7);
  CHECK(rows.beyond() == 7);
  rows.read_grown();
  marks.back().grown[WIRE_RUN_QUEUE_MARKS - 1] = 1;  // there is no such slot
  CHECK(rows.read_grown().empty());
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
