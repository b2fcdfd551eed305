// Where CPU usage is in a hierarchy of its own.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "source/walk/walked.hpp"

using namespace hostmeter;
using namespace hostmeter::source;
using namespace hostmeter::source::walk;
using test::Walked;

namespace {

// Of the same cgroups one hierarchy has CPU usage, the other, in another order, tasks, and one
// cgroup that the first does not have.
struct Apart : Walked {
  static constexpr std::uint64_t kFirst = 20, kEnd = 40, kAlone = 50;

  Apart() : Apart(std::make_unique<test::FakeWalk>()) {}
  explicit Apart(std::unique_ptr<test::FakeWalk> fake)
      : tasks_table(*fake), tasks(inventory, test::FakeInventory::kHierarchy, std::move(fake)) {
    tasks.want(bit(WIRE_WALK_PIDS));
    tasks_table.set(1, WIRE_WALK_PIDS, 0);
    alone = inventory.add(kAlone);
    tasks_table.set(kAlone, WIRE_WALK_PIDS, 1);
    for (std::uint64_t id = kFirst; id < kEnd; ++id) {
      subjects.push_back(inventory.add(id));
      table.set(id, WIRE_WALK_CPU_USAGE, 1);
    }
    for (std::uint64_t id = kEnd; id-- > kFirst;) tasks_table.set(id, WIRE_WALK_PIDS, 1);
    for (unsigned i = 0; i < 2 * bpf::kTurns; ++i) tick();
  }

  void tick() {
    walk.update({});
    tasks.update({.runs = &walk});
    inventory.next_tick();
  }
  bool has_tasks(Subject subject, std::uint64_t number) const {
    const wire_walk_cgroup* row = tasks.row(subject);
    return row && row->value[WIRE_WALK_PIDS] == number;
  }
  Subject subject(std::uint64_t id) const { return subjects[id - kFirst]; }

  test::FakeWalk& tasks_table;
  HierarchyWalk tasks;
  Subject alone;
  std::vector<Subject> subjects;
};

}  // namespace

TEST_CASE(
    "where CPU usage is elsewhere what ran is looked at, and what did not waits for its turn") {
  Apart at;
  REQUIRE(at.tasks_table.asked);
  CHECK(at.tasks_table.asked->size() < at.subjects.size() / 2);
  at.table.set(25, WIRE_WALK_CPU_USAGE, 2);
  at.table.set(39, WIRE_WALK_CPU_USAGE, 2);
  for (std::uint64_t id = Apart::kFirst; id < Apart::kEnd; ++id)
    at.tasks_table.set(id, WIRE_WALK_PIDS, 2);
  at.tasks_table.set(Apart::kAlone, WIRE_WALK_PIDS, 2);
  at.tick();
  CHECK(at.has_tasks(at.subject(25), 2));
  CHECK(at.has_tasks(at.subject(39), 2));
  CHECK(at.has_tasks(at.alone, 2));  // whether it ran nobody says
  CHECK(at.tasks.changed().size() < at.subjects.size() / 2);
  for (unsigned i = 1; i < bpf::kShortTurns; ++i) at.tick();
  CHECK(std::ranges::all_of(at.subjects, [&](Subject one) { return at.has_tasks(one, 2); }));
}

TEST_CASE("in as many ticks as a short turn takes to come round all are looked at") {
  Apart at;
  std::set<std::uint32_t> looked_at;
  for (unsigned i = 0; i < bpf::kShortTurns; ++i) {
    at.tick();
    REQUIRE(at.tasks_table.asked);
    for (const std::uint32_t place : *at.tasks_table.asked) looked_at.insert(place & ~bpf::kRan);
  }
  CHECK(looked_at.size() == at.tasks_table.cgroups.size());
}

TEST_CASE("while it is not known what ran nothing waits for that") {
  Apart at;
  const auto is_seen = [&](std::uint64_t tasks) {
    for (std::uint64_t id = Apart::kFirst; id < Apart::kEnd; ++id)
      at.tasks_table.set(id, WIRE_WALK_PIDS, tasks);
    at.tick();
    return std::ranges::all_of(at.subjects, [&](Subject one) { return at.has_tasks(one, tasks); });
  };
  CHECK_FALSE(is_seen(2));
  at.table.error = {EAGAIN, "walk"};
  CHECK(is_seen(3));
  at.table.error = {};
  for (unsigned i = 0; i < bpf::kTurns; ++i) at.tick();
  CHECK_FALSE(is_seen(4));
  at.inventory.add(60);  // whoever is new may be anywhere
  CHECK(is_seen(5));
}

TEST_CASE("a cgroup that leaves the hierarchy with CPU usage is looked at each time from then on") {
  Apart at;
  at.table.remove(25);
  at.tick();
  for (std::uint64_t tasks = 2; tasks < 2 + 2 * bpf::kTurns; ++tasks) {
    at.tasks_table.set(25, WIRE_WALK_PIDS, tasks);
    at.tick();
    CHECK(at.has_tasks(at.subject(25), tasks));
  }
}

TEST_CASE("what ran is looked at in the next ticks, too, for what the kernel had not summed up") {
  Apart at;
  for (unsigned later = 0; later < 3; ++later) {
    at.table.set(25, WIRE_WALK_CPU_USAGE, 2 + later);
    at.tick();
    for (unsigned i = 0; i < later; ++i) at.tick();
    at.tasks_table.set(25, WIRE_WALK_PIDS, 10 + later);
    at.tick();
    CHECK(at.has_tasks(at.subject(25), 10 + later));
    for (unsigned i = 0; i < bpf::kTurns; ++i) at.tick();
    CHECK(at.tasks_table.asked->size() < at.subjects.size() / 2);
  }
}

TEST_CASE("a tick in which CPU usage was not walked says nothing of what ran") {
  Apart at;
  CHECK(at.walk.changed_now());
  at.walk.update({.is_watched = false});  // whole, for it was of every tick so far
  CHECK(at.walk.changed_now());
  unsigned walks = 0;
  for (unsigned tick = 0; tick < bpf::kTurns; ++tick) {
    at.walk.update({.is_watched = false});
    walks += at.walk.changed_now() ? 1 : 0;
  }
  CHECK(walks == 1);
}
