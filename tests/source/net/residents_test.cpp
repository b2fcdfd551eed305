#include "source/net/residents.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "support/fake_containers.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;

namespace {

// One round at each tick of the cgroup tree.
struct Rounds : Residents {
  Rounds(source::Host& host, test::FakeContainers& fake,
         const source::cgroup::Activity* activity = nullptr)
      : Residents(host, fake, activity), fake_(fake) {}

  bool update(std::uint64_t round) {
    const bool changed = Residents::update(round);
    fake_.next_tick();
    return changed;
  }

 private:
  test::FakeContainers& fake_;
};

constexpr std::string_view kTree =
    "-- proc/1/ns/net -> net:[11] --\n"
    "-- proc/7/ns/net -> net:[77] --\n"
    "-- proc/8/ns/net -> net:[88] --\n"
    "-- proc/9/ns/net -> nonsense --\n";

}  // namespace

TEST_CASE("only containers that are served are residents") {
  test::MadeUpHost made_up(kTree);
  test::FakeContainers fake;
  const Subject container = fake.add(7), slice = fake.add(7), nested = fake.add(7);
  fake.at(slice).identity.kind = CgroupKind::slice;
  fake.at(nested).identity.kind = CgroupKind::nested;
  Rounds residents(made_up.host, fake);
  CHECK(residents.update(1));
  CHECK(residents.host_netns() == 11);
  CHECK(residents.at(container.slot).netns == 77);
  CHECK(residents.at(slice.slot).subject == kHost);
  CHECK(residents.at(nested.slot).subject == kHost);
}

TEST_CASE("a young container is asked every tick, an old one now and then or when in doubt") {
  test::MadeUpHost made_up(kTree);
  test::FakeContainers fake;
  const Subject container = fake.add(0);
  Rounds residents(made_up.host, fake);
  CHECK(residents.update(1));
  CHECK(residents.at(container.slot).netns == 0);
  fake.set_pid(container, 7);
  CHECK(residents.update(2));
  CHECK(residents.at(container.slot).netns == 77);
  std::uint64_t round = 2;
  while (++round < 10) CHECK_FALSE(residents.update(round));

  fake.set_pid(container, 8);
  CHECK_FALSE(residents.update(10));
  residents.doubt(container.slot);
  CHECK(residents.update(11));
  CHECK(residents.at(container.slot).netns == 88);

  fake.set_pid(container, 7);
  bool noticed = false;
  for (round = 12; round < 12 + Residents::kCheck; ++round) noticed |= residents.update(round);
  CHECK(noticed);

  // One that has stayed where it is for long is asked less often, and is not forgotten.
  const std::uint64_t settled = round + 2 * Residents::kSettled;
  while (++round < settled) CHECK_FALSE(residents.update(round));
  fake.set_pid(container, 8);
  unsigned waited = 0;
  while (!residents.update(++round)) ++waited;
  CHECK(waited < Residents::kSettled);
  CHECK(waited >= Residents::kCheck);
  CHECK(residents.at(container.slot).netns == 88);
}

TEST_CASE("one that has lived in the host's netns for long is asked as seldom as others") {
  test::MadeUpHost made_up(kTree);
  test::FakeContainers fake;
  const Subject container = fake.add(1);
  Rounds residents(made_up.host, fake);
  std::uint64_t round = 0;
  while (++round < 3 * Residents::kSettled) residents.update(round);
  fake.set_pid(container, 8);
  unsigned waited = 0;
  while (!residents.update(++round)) ++waited;
  CHECK(waited < Residents::kSettled);
  CHECK(waited >= Residents::kCheck);
  CHECK(residents.at(container.slot).netns == 88);
}

TEST_CASE("one that does nothing stays where it is, and is looked at once in a long while") {
  test::MadeUpHost made_up(kTree);
  test::FakeContainers fake;
  const Subject container = fake.add(7);
  source::cgroup::Activity activity;
  activity.set(container, 1000);
  activity.set_tasks(container, 3);
  Rounds residents(made_up.host, fake, &activity);
  std::uint64_t round = 0;
  while (++round < 5 * Residents::kSettled) residents.update(round);
  const auto rounds_until_found = [&](int pid) {
    fake.set_pid(container, pid);
    unsigned waited = 1;
    while (!residents.update(++round)) ++waited;
    return waited;
  };
  // Another's tasks in its place, which do not run: nothing tells.
  CHECK(rounds_until_found(8) > Residents::kSettled);
  // It was found elsewhere than before, and is asked often for a while.
  activity.set(container, 1001);
  CHECK(rounds_until_found(7) <= Residents::kCheck);
  for (const std::uint64_t end = round + 2 * Residents::kSettled; round < end;)
    residents.update(++round);
  activity.set_tasks(container, 4);
  CHECK(rounds_until_found(8) <= Residents::kSettled);
  for (const std::uint64_t end = round + 2 * Residents::kSettled; round < end;)
    residents.update(++round);
  // Whose tasks nobody counts may have moved at any time.
  activity.set_tasks(container, {});
  CHECK(rounds_until_found(7) <= Residents::kSettled);
  for (const std::uint64_t end = round + 2 * Residents::kSettled; round < end;)
    residents.update(++round);
  CHECK(rounds_until_found(8) <= Residents::kSettled);
}

TEST_CASE("a slot that is used again is another container") {
  test::MadeUpHost made_up(kTree);
  test::FakeContainers fake;
  const Subject first = fake.add(7);
  Rounds residents(made_up.host, fake);
  residents.update(1);
  fake.remove(first);
  const Subject second = fake.add(8);
  REQUIRE(first.slot == second.slot);
  CHECK(residents.update(20));
  CHECK(residents.at(second.slot).netns == 88);
  CHECK(residents.at(second.slot).since == 20);
  fake.remove(second);
  CHECK(residents.update(21));
  CHECK(residents.at(second.slot).subject == kHost);
}

TEST_CASE("a link that makes no sense is an error, a process that is gone is none") {
  test::MadeUpHost made_up(kTree);
  test::FakeContainers fake;
  const Subject odd = fake.add(9);
  Rounds residents(made_up.host, fake);
  residents.update(1);
  CHECK(residents.at(odd.slot).netns == 0);
  CHECK(residents.error().code == EBADMSG);
  fake.set_pid(odd, 4711);
  residents.update(2);
  CHECK(residents.error().code == 0);
}

TEST_CASE("each is asked in its turn, and what came in a tick without a round is found") {
  test::MadeUpHost made_up(kTree);
  test::FakeContainers fake;
  std::vector<Subject> all;
  for (std::uint64_t i = 0; i < 3 * Residents::kCheck; ++i) all.push_back(fake.add(7));
  Rounds residents(made_up.host, fake);
  std::uint64_t round = 0;
  while (++round < 10) residents.update(round);
  for (const Subject& one : all) fake.set_pid(one, 8);
  const auto moved = [&] {
    return std::ranges::count_if(
        all, [&](const Subject& one) { return residents.at(one.slot).netns == 88; });
  };
  for (std::int64_t turn = 1; turn <= std::int64_t(Residents::kCheck); ++turn) {
    CHECK(residents.update(round++));
    CHECK(moved() == 3 * turn);
  }
  const auto settle = [&] {
    for (std::uint64_t i = 0; i <= Residents::kYoung; ++i) residents.update(round++);
  };
  const Subject born = fake.add(7);
  CHECK(residents.update(round++));
  CHECK(residents.at(born.slot).netns == 77);
  settle();
  fake.remove(all[0]);
  CHECK(residents.update(round++));
  CHECK(residents.at(all[0].slot).subject == kHost);
  settle();
  const Subject missed = fake.add(7);
  fake.next_tick();
  CHECK(residents.update(round++));
  CHECK(residents.at(missed.slot).netns == 77);
}
