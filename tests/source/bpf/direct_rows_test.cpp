#include "source/bpf/direct_rows.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>
#include <vector>

#include "source/bpf/blkio_accounts.hpp"

using namespace hostmeter::source::bpf;

namespace {

constexpr unsigned kCpus = 3;
constexpr std::uint32_t kEach = 64, kDisk = 8 << WIRE_DEV_MINOR_BITS;

using Rows = DirectRows<BlkioCounting>;
static_assert(sizeof(Rows::Row) == sizeof(wire_blkio_direct));
static_assert(offsetof(Rows::Row, value) == offsetof(wire_blkio_direct, io));

struct Fixture {
  std::vector<Rows::Row> memory = std::vector<Rows::Row>(std::size_t{kCpus} * kEach);
  Rows rows{memory, kCpus};

  Rows::Row& row_of(const wire_blkio_key& key, unsigned cpu) {
    return memory[cpu * kEach + wire_blkio_direct_index(&key, kEach)];
  }
  // As the kernel does it.
  void put(const wire_blkio_key& key, unsigned cpu, std::uint64_t ops) {
    row_of(key, cpu) = {{key.css, key.dev, key.op, {1, 1}}, {ops * 4096, ops, 0, 0, {}}};
  }
  std::uint64_t ops(const wire_blkio_key& key) {
    wire_blkio sum{100ULL * 4096, 100, 0, 0, {}};
    rows.add_to(sum, key);
    CHECK(sum.bytes == sum.untimed * 4096);
    return sum.untimed - 100;
  }
};

// Another cgroup's key that has the same place.
wire_blkio_key rival_of(const wire_blkio_key& key) {
  wire_blkio_key rival = key;
  do ++rival.cgroup_id, ++rival.css;
  while (wire_blkio_direct_index(&rival, kEach) != wire_blkio_direct_index(&key, kEach));
  return rival;
}

constexpr std::uint32_t kIdle = Rows::kIdleTicks;
constexpr wire_blkio_key kReads{500, 900, kDisk, WIRE_BLKIO_READ};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "what the CPUs have of a key is summed up") {
  put(kReads, 0, 3);
  put(kReads, 2, 4);
  CHECK(ops(kReads) == 7);
  CHECK(ops({501, 901, kDisk, WIRE_BLKIO_READ}) == 0);
}

TEST_CASE_FIXTURE(Fixture, "a place that is another's on some CPU is read for either") {
  const wire_blkio_key rival = rival_of(kReads);
  put(kReads, 0, 3);
  put(rival, 1, 5);
  put(kReads, 2, 4);
  CHECK(ops(kReads) == 7);
  CHECK(ops(rival) == 5);
}

TEST_CASE_FIXTURE(Fixture, "the disk and the operation are part of the key") {
  put(kReads, 0, 3);
  for (wire_blkio_key other : {wire_blkio_key{500, 900, kDisk, WIRE_BLKIO_WRITE},
                               wire_blkio_key{500, 900, kDisk | 1, WIRE_BLKIO_READ}}) {
    row_of(other, 0) = row_of(kReads, 0);
    CHECK(ops(other) == 0);
  }
}

TEST_CASE_FIXTURE(Fixture, "a row that is being claimed is nobody's") {
  put(kReads, 0, 3);
  row_of(kReads, 0).owner.dev = 0;
  CHECK(ops(kReads) == 0);
  const wire_blkio_key none{500, 900, 0, WIRE_BLKIO_READ};
  row_of(none, 0) = row_of(kReads, 0);
  CHECK(ops(none) == 0);
}

TEST_CASE_FIXTURE(Fixture, "only the key's rows are set free, to be claimed again") {
  const wire_blkio_key rival = rival_of(kReads);
  put(kReads, 0, 3);
  put(rival, 1, 5);
  put(kReads, 2, 4);
  rows.release(kReads);
  CHECK(ops(kReads) == 0);
  CHECK(ops(rival) == 5);
  // A program may be about to add to one.
  rows.begin_tick(2);
  CHECK(row_of(kReads, 0).owner.touched.claims == 1);
  rows.begin_tick(3);
  for (const unsigned cpu : {0U, 2U}) {
    CHECK(row_of(kReads, cpu).owner.touched.claims == 0);
    CHECK(row_of(kReads, cpu).owner.css == 0);
  }
  CHECK(row_of(rival, 1).owner.touched.claims == 1);
  CHECK(row_of(rival, 1).owner.css == rival.css);
}

TEST_CASE_FIXTURE(Fixture, "a key that grows gets the row of one that has not for long") {
  const wire_blkio_key rival = rival_of(kReads);
  put(kReads, 1, 3);
  put(kReads, 2, 4);
  rows.begin_tick(1);
  CHECK(ops(kReads) == 7);
  rows.begin_tick(kIdle);
  rows.want(rival, 1);
  CHECK(row_of(kReads, 1).owner.dev != 0);
  rows.begin_tick(1 + kIdle);
  rows.want(kReads, 1);  // its own
  CHECK(row_of(kReads, 1).owner.dev != 0);
  rows.want(rival, 1);
  CHECK(row_of(kReads, 1).owner.dev == 0);
  CHECK(row_of(kReads, 2).owner.dev != 0);
  CHECK(ops(kReads) == 7);
  CHECK(ops(rival) == 0);
  // A program that had found it before.
  row_of(kReads, 1).value.untimed += 1;
  row_of(kReads, 1).value.bytes += 4096;
  CHECK(ops(kReads) == 8);
  rows.begin_tick(2 + kIdle);
  rows.want(rival, 1);
  CHECK(row_of(kReads, 1).owner.touched.claims == 1);
  CHECK(ops(kReads) == 8);
  rows.begin_tick(3 + kIdle);
  CHECK(row_of(kReads, 1).owner.touched.claims == 0);
  CHECK(ops(kReads) == 8);
  // What it had is not the rival's, and is there when it comes back.
  put(rival, 1, 5);
  CHECK(ops(kReads) == 8);
  CHECK(ops(rival) == 5);
  put(kReads, 1, 10);
  CHECK(ops(kReads) == 18);
}

TEST_CASE_FIXTURE(Fixture, "a row that is new, or on its way to another, is not moved") {
  put(kReads, 1, 3);
  rows.begin_tick(100);
  rows.want(rival_of(kReads), 1);  // the kernel has marked it: it grew
  CHECK(row_of(kReads, 1).owner.dev != 0);
  CHECK(ops(kReads) == 3);
  rows.begin_tick(99 + kIdle);
  rows.want(rival_of(kReads), 1);
  CHECK(row_of(kReads, 1).owner.dev != 0);
  rows.begin_tick(100 + kIdle);
  rows.want(rival_of(kReads), 1);
  rows.want(rival_of(kReads), 1);
  CHECK(row_of(kReads, 1).owner.dev == 0);
  CHECK(ops(kReads) == 3);
  for (std::uint32_t tick = 101; tick < 105; ++tick) rows.begin_tick(tick + kIdle);
  CHECK(ops(kReads) == 3);
  CHECK(row_of(kReads, 1).owner.touched.claims == 0);
  // The rival has just claimed it, and is about to mark it.
  put(rival_of(kReads), 1, 1);
  row_of(kReads, 1).owner.touched.tick = 0;
  rows.want(kReads, 1);
  CHECK(row_of(kReads, 1).owner.dev != 0);
}

TEST_CASE_FIXTURE(Fixture, "a row that is read is told of again when it grows, and no other") {
  const wire_blkio_key rival = rival_of(kReads);
  put(kReads, 0, 3);
  put(rival, 1, 5);
  put(kReads, 2, 4);
  CHECK(ops(kReads) == 7);
  CHECK(row_of(kReads, 0).owner.touched.tick == 0);
  CHECK(row_of(kReads, 2).owner.touched.tick == 0);
  CHECK(row_of(rival, 1).owner.touched.tick != 0);
  rows.unmark(kReads);
  CHECK(row_of(rival, 1).owner.touched.tick != 0);
  rows.unmark(rival);
  CHECK(row_of(rival, 1).owner.touched.tick == 0);
  put(kReads, 0, 3);
  put(rival, 1, 5);
  rows.unmark_all();
  CHECK(row_of(kReads, 0).owner.touched.tick == 0);
  CHECK(row_of(rival, 1).owner.touched.tick == 0);
}

TEST_CASE_FIXTURE(Fixture, "what a moved row had goes with its key, whenever that is erased") {
  std::uint32_t tick = 0;
  for (const int ticks : {0, 1, 2, 3}) {
    CAPTURE(ticks);
    put(kReads, 1, 3);
    CHECK(ops(kReads) == 3);
    tick += 100;
    rows.begin_tick(tick);
    rows.want(rival_of(kReads), 1);
    for (int i = 0; i < ticks; ++i) rows.begin_tick(++tick);
    CHECK(ops(kReads) == 3);
    rows.release(kReads);
    CHECK(ops(kReads) == 0);
    for (int i = 0; i < 3; ++i) rows.begin_tick(++tick);
    CHECK(ops(kReads) == 0);
    CHECK(row_of(kReads, 1).owner.touched.claims == 0);
  }
}

TEST_CASE_FIXTURE(Fixture, "only so many rows move in a tick") {
  std::vector<wire_blkio_key> keys;
  std::set<std::uint32_t> places;
  for (std::uint64_t id = 1; places.size() < kEach; ++id) {
    const wire_blkio_key key{id, id, kDisk, WIRE_BLKIO_READ};
    if (places.insert(wire_blkio_direct_index(&key, kEach)).second) keys.push_back(key);
  }
  for (const wire_blkio_key& key : keys)
    for (const unsigned cpu : {0U, 1U}) put(key, cpu, 1);
  CHECK(rows.in_use() == 2 * kEach);
  for (const wire_blkio_key& key : keys) CHECK(ops(key) == 2);
  rows.begin_tick(100);
  for (const wire_blkio_key& key : keys)
    for (const unsigned cpu : {0U, 1U}) rows.want(rival_of(key), cpu);
  rows.begin_tick(101);
  rows.begin_tick(102);
  CHECK(rows.in_use() == std::size_t{2} * kEach - Rows::kMostMoved);
  for (const wire_blkio_key& key : keys) CHECK(ops(key) == 2);
}

TEST_CASE("of those that claim a row at once at most one has it, and it is free when none does") {
  constexpr unsigned kEachTakes = 20'000;
  wire_touched row{};
  std::atomic<unsigned> owners = 0, taken = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  const auto claims = [&] {
    for (unsigned took = 0; took < kEachTakes && std::chrono::steady_clock::now() < end;) {
      if (!wire_claim(&row)) continue;
      CHECK(owners.fetch_add(1) == 0);
      owners.fetch_sub(1);
      ++took;
      ++taken;
      __atomic_fetch_sub(&row.claims, 1, __ATOMIC_RELEASE);
    }
  };
  { const std::jthread one(claims), two(claims), three(claims); }
  CHECK(taken == 3 * kEachTakes);
  CHECK(row.claims == 0);
}

TEST_CASE("keys that are alike in all but one of their parts are spread over the rows") {
  std::set<std::uint32_t> cgroups, disks;
  for (std::uint32_t i = 0; i < kEach; ++i) {
    const wire_blkio_key cgroup{1000, 2000 + i, kDisk, 0}, disk{1000, 2000, kDisk + i, 0};
    cgroups.insert(wire_blkio_direct_index(&cgroup, kEach));
    disks.insert(wire_blkio_direct_index(&disk, kEach));
  }
  CHECK(cgroups.size() > kEach / 2);
  CHECK(disks.size() > kEach / 2);
  std::set<std::uint32_t> ops;
  for (std::uint32_t op = 0; op < WIRE_BLKIO_OPS; ++op) {
    const wire_blkio_key key{1000, 2000, kDisk, op};
    ops.insert(wire_blkio_direct_index(&key, kEach));
  }
  CHECK(ops.size() == WIRE_BLKIO_OPS);
}

TEST_CASE("an eighth of the memory is theirs, as a power of two of rows, never fewer than 64") {
  Options options;
  constexpr std::size_t kRow = sizeof(Rows::Row);
  CHECK(affordable_direct_rows(options, kRow, 2) == 512);
  CHECK(affordable_direct_rows(options, kRow, 128) == 128);
  CHECK(affordable_direct_rows(options, kRow, 8192) == 64);
  options.direct_rows = 100;
  CHECK(affordable_direct_rows(options, kRow, 2) == 64);
}
