#include "source/walk/hierarchy_walk.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "source/walk/walked.hpp"

using namespace hostmeter;
using namespace hostmeter::source;
using namespace hostmeter::source::walk;
using test::Walked;

TEST_CASE("only rows whose wanted values changed are said") {
  Walked at;
  const Subject a = at.inventory.add(20), b = at.inventory.add(21);
  at.table.set(20, WIRE_WALK_CPU_USAGE, 5);
  at.table.set(21, WIRE_WALK_CPU_USAGE, 6);
  CHECK(at.walk.update({}).code == 0);
  CHECK(at.changed() == Walked::Slots{0, a.slot, b.slot});
  at.walk.update({});
  CHECK(at.changed().empty());
  CHECK(at.has(a, 5));
  at.table.set(20, WIRE_WALK_CPU_USAGE, 7);
  at.table.row(21).value[WIRE_WALK_THREADS] = 9;  // nobody wants it
  at.walk.update({});
  CHECK(at.changed() == Walked::Slots{a.slot});
  at.table.row(21).present = 0;  // the value stays, the field does not
  at.walk.update({});
  CHECK(at.changed() == Walked::Slots{b.slot});
}

TEST_CASE("rows that move are found again, and did not change") {
  Walked at;
  at.inventory.add(20);
  const Subject b = at.inventory.add(21);
  at.table.set(20, WIRE_WALK_CPU_USAGE, 5);
  at.table.set(21, WIRE_WALK_CPU_USAGE, 6);
  at.walk.update({});
  at.table.remove(20);
  at.walk.update({});
  CHECK(at.changed() == Walked::Slots{1});  // gone from the walk before it is from the inventory
  CHECK(at.has(b, 6));
  CHECK(at.walk.row({1, 1}) == nullptr);
}

TEST_CASE("an id that comes back with another serial number is not the cgroup of before") {
  Walked at;
  const Subject before = at.inventory.add(20);
  at.table.set(20, WIRE_WALK_CPU_USAGE, 5);
  at.walk.update({});
  at.table.row(20).serial = 500;
  at.table.set(20, WIRE_WALK_CPU_USAGE, 1);
  at.walk.update({});
  CHECK(at.walk.row(before) == nullptr);
  CHECK(at.changed() == Walked::Slots{before.slot});
  at.inventory.remove(before);
  const Subject after = at.inventory.add(20);
  CHECK(after.slot == before.slot);
  at.walk.update({});
  CHECK(at.has(after, 1));
  CHECK(at.walk.row(before) == nullptr);
  CHECK(at.changed() == Walked::Slots{after.slot});
}

TEST_CASE("a slot that is given to another cgroup has nothing of the one before") {
  Walked at;
  const Subject before = at.inventory.add(20);
  at.table.set(20, WIRE_WALK_CPU_USAGE, 5);
  at.walk.update({});
  at.inventory.remove(before);
  at.table.remove(20);
  const Subject after = at.inventory.add(30);
  at.table.set(30, WIRE_WALK_CPU_USAGE, 5);  // the same values
  at.walk.update({});
  CHECK(at.changed() == Walked::Slots{after.slot});
  CHECK(at.has(after, 5));
}

TEST_CASE("one that the inventory does not know is said once, and joined when it is known") {
  Walked at;
  at.table.set(40, WIRE_WALK_CPU_USAGE, 5);
  at.table.row(40).parent = 1;
  at.walk.update({});
  CHECK(at.walk.directories_to_list().size() == 1);
  CHECK(at.walk.directories_to_list()[0] == 1);
  at.walk.update({});
  CHECK(at.walk.directories_to_list().empty());
  const Subject late = at.inventory.add(40);
  at.walk.update({});
  CHECK(at.has(late, 5));
}

TEST_CASE("of cgroups that are not served nothing changes") {
  Walked at;
  const Subject nested = at.inventory.add(20);
  at.inventory.do_not_serve(nested);
  at.table.set(20, WIRE_WALK_CPU_USAGE, 5);
  at.walk.update({});
  CHECK(at.changed() == Walked::Slots{0});
}

TEST_CASE("after a walk that failed nothing is known; after three it is lost") {
  Walked at;
  const Subject a = at.inventory.add(20);
  at.table.set(20, WIRE_WALK_CPU_USAGE, 5);
  at.walk.update({});
  at.table.error = {EPERM, "walk"};
  CHECK(at.walk.update({}).code == EPERM);
  CHECK(at.walk.row(a) == nullptr);
  CHECK(at.changed().empty());
  at.table.error = {};
  at.walk.update({});
  CHECK(at.changed().empty());
  CHECK(at.has(a, 5));
  at.table.error = {EPERM, "walk"};
  for (int i = 0; i < 3; ++i) at.walk.update({});
  CHECK(at.walk.is_lost());
}

TEST_CASE("a kernel that is out of breath gets more time, not all") {
  Walked at;
  for (const int code : {EAGAIN, ENOMEM}) {
    at.table.error = {code, "walk"};
    for (int i = 0; i < 4; ++i) at.walk.update({});
    CHECK_FALSE(at.walk.is_lost());
    CHECK_FALSE(at.walk.is_fresh());
    at.table.error = {};
    CHECK(at.walk.update({}).code == 0);
  }
  at.table.error = {EAGAIN, "walk"};
  for (int i = 0; i < 20; ++i) at.walk.update({});
  CHECK(at.walk.is_lost());
}

TEST_CASE("the directory of one that is missed is to be listed, unless there was no room") {
  Walked at;
  at.inventory.add(20);
  at.inventory.add(21);
  at.table.row(20).parent = 1;
  at.table.row(21).parent = 1;
  at.walk.update({});
  CHECK(at.walk.directories_to_list().empty());
  at.table.remove(20);
  at.walk.update({});
  REQUIRE(at.walk.directories_to_list().size() == 1);
  CHECK(at.walk.directories_to_list()[0] == 1);
  at.table.remove(21);
  at.table.unseen = 1;
  at.walk.update({});
  CHECK(at.walk.directories_to_list().empty());
}

TEST_CASE("wanted fields that lie apart are compared apart") {
  Walked at;
  at.walk.want(bit(WIRE_WALK_DESCENDANTS));
  const Subject a = at.inventory.add(20);
  at.table.set(20, WIRE_WALK_CPU_USAGE, 5);
  at.walk.update({});
  for (const unsigned field : {WIRE_WALK_CPU_USAGE, WIRE_WALK_PIDS, WIRE_WALK_DESCENDANTS}) {
    at.table.set(20, field, 77);
    at.walk.update({});
    CHECK(at.changed() == Walked::Slots{a.slot});
    at.walk.update({});
    CHECK(at.changed().empty());
  }
}

TEST_CASE("cgroups have their turns one after the other, and all at once when nothing may wait") {
  Walked at;
  at.walk.update({});
  CHECK(at.table.turns.back() == bpf::kTurnOfAll);
  for (unsigned turn = 1; turn < 2 * bpf::kTurns; ++turn) {
    at.walk.update({});
    CHECK(at.table.turns.back() == turn % bpf::kTurns);
  }
  at.walk.update({.is_whole = true});
  CHECK(at.table.turns.back() == bpf::kTurnOfAll);

  // A turn that was not taken is not lost.
  at.table.error = Error{EAGAIN, "walk"};
  at.walk.update({});
  at.table.error = {};
  at.walk.update({});
  CHECK(at.table.turns.back() == bpf::kTurnOfAll);
  at.walk.update({});
  CHECK(at.table.turns.back() != bpf::kTurnOfAll);
}

TEST_CASE("while somebody is young nobody waits for a turn") {
  Walked at;
  for (unsigned tick = 0; tick < HierarchyWalk::kYoungTicks; ++tick) at.walk.update({});
  at.inventory.add(20);
  for (unsigned tick = 0; tick < HierarchyWalk::kYoungTicks; ++tick) {
    at.walk.update({});
    at.inventory.next_tick();
    CHECK(at.table.turns.back() == bpf::kTurnOfAll);
  }
  at.walk.update({});
  CHECK(at.table.turns.back() != bpf::kTurnOfAll);
}

TEST_CASE("a hierarchy without figures of every tick is walked once in so many, and whole") {
  constexpr HierarchyWalk::Demand kSeldom{.is_watched = false};
  Walked at;
  const Subject a = at.inventory.add(20);
  at.table.set(20, WIRE_WALK_CPU_USAGE, 5);
  const auto walks_of = [&](unsigned ticks) {
    const unsigned before = at.table.walks;
    for (unsigned tick = 0; tick < ticks; ++tick) {
      at.walk.update(kSeldom);
      at.inventory.next_tick();
      CHECK(at.walk.is_fresh());
      CHECK(at.has(a, 5));
      CHECK(at.table.turns.back() == bpf::kTurnOfAll);
    }
    return at.table.walks - before;
  };
  CHECK(walks_of(HierarchyWalk::kYoungTicks) == HierarchyWalk::kYoungTicks);  // somebody is new
  CHECK(walks_of(2 * bpf::kTurns) == 2);
  at.walk.update({.is_watched = false, .is_whole = true});
  CHECK(walks_of(bpf::kTurns) == 1);

  // A value is told of in the tick of its walk, and in no other.
  at.table.set(20, WIRE_WALK_PIDS, 9);
  unsigned told = 0;
  for (unsigned tick = 0; tick < bpf::kTurns; ++tick) {
    at.walk.update(kSeldom);
    told += unsigned(at.changed().size());
  }
  CHECK(told == 1);

  const Subject b = at.inventory.add(21);
  at.table.set(21, WIRE_WALK_CPU_USAGE, 6);
  at.walk.update(kSeldom);
  CHECK(at.has(b, 6));
  at.inventory.next_tick();
  at.inventory.remove(b);
  at.table.remove(21);
  const unsigned before = at.table.walks;
  at.walk.update(kSeldom);
  CHECK(at.table.walks == before + 1);
  CHECK(at.walk.row(b) == nullptr);
}

TEST_CASE("pressure is looked at more often than all else where nothing is of every tick") {
  Walked at;
  at.walk.want(bit(WIRE_WALK_PSI_IO_SOME));
  for (unsigned tick = 0; tick < bpf::kTurns; ++tick) at.walk.update({.is_watched = false});
  at.table.turns.clear();
  for (unsigned tick = 0; tick < 2 * bpf::kTurns; ++tick) at.walk.update({.is_watched = false});
  CHECK(at.table.turns.size() == 2 * bpf::kTurns / 5);
  CHECK(std::ranges::count(at.table.turns, bpf::kTurnOfAll) == 2);
  CHECK(std::ranges::count(at.table.turns, bpf::kShortTurnOfAll) == 2 * (bpf::kTurns / 5 - 1));
}

TEST_CASE("fields of other hierarchies are walked only while somebody needs them here") {
  Walked at;
  at.walk.want(bit(WIRE_WALK_THREADS), false);
  const std::uint64_t own = bit(WIRE_WALK_CPU_USAGE) | bit(WIRE_WALK_PIDS);
  at.walk.update({});
  CHECK(at.table.wanted.back() == (own | bit(WIRE_WALK_THREADS)));
  at.walk.update({.is_watched = false, .is_whole = true});
  CHECK(at.table.wanted.back() == own);
}

TEST_CASE("a walk that failed is taken again in the next tick, seldom or not") {
  constexpr HierarchyWalk::Demand kSeldom{.is_watched = false};
  Walked at;
  for (unsigned tick = 0; tick < 2 * bpf::kTurns; ++tick) at.walk.update(kSeldom);
  at.table.error = Error{EAGAIN, "walk"};
  const unsigned before = at.table.walks;
  for (unsigned tick = 0; tick < 10; ++tick) at.walk.update(kSeldom);
  CHECK(at.table.walks > before + 1);
  CHECK_FALSE(at.walk.is_fresh());
  at.table.error = {};
  at.walk.update(kSeldom);
  CHECK(at.walk.is_fresh());
}

TEST_CASE("nobody waits for a turn while others come to be, or cease to be, of every tick") {
  Walked at;
  for (unsigned tick = 0; tick < bpf::kTurns + 3; ++tick) at.walk.update({});
  CHECK(at.table.turns.back() != bpf::kTurnOfAll);
  const unsigned before = at.table.walks;
  at.walk.update({.is_watched = false});
  CHECK(at.table.walks == before + 1);
  CHECK(at.table.turns.back() == bpf::kTurnOfAll);
  at.walk.update({.is_watched = true});
  CHECK(at.table.turns.back() == bpf::kTurnOfAll);
  at.walk.update({.is_watched = true});
  CHECK(at.table.turns.back() != bpf::kTurnOfAll);
}

TEST_CASE("a walk of which nobody wants a figure tells who is there, whatever else may not wait") {
  test::FakeInventory inventory;
  auto fake = std::make_unique<test::FakeWalk>();
  test::FakeWalk& table = *fake;
  HierarchyWalk walk(inventory, test::FakeInventory::kHierarchy, std::move(fake));
  CHECK_FALSE(walk.has_figures());
  const Subject box = inventory.add(20);
  table.row(1).level = 0;
  table.row(20).parent = 1;
  for (unsigned tick = 0; tick < bpf::kTurns; ++tick) {
    walk.update({.is_watched = false});
    inventory.next_tick();
  }
  CHECK(walk.row(kHost) != nullptr);
  CHECK(walk.row(box) != nullptr);
  const unsigned before = table.walks;
  for (unsigned tick = 0; tick < bpf::kTurns; ++tick)
    walk.update({.is_watched = false, .is_whole = true});
  CHECK(table.walks == before + 1);
}
