#include "source/walk/walks.hpp"

#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"
#include "support/fake_walk.hpp"

using namespace hostmeter;
using namespace hostmeter::source;
using namespace hostmeter::source::walk;

namespace {

// A walk of every hierarchy of a made-up host, with rows for the cgroups a test names.
struct WalkedHost : test::CgroupHost {
  explicit WalkedHost(std::string_view mounts, std::uint32_t first = 1024)
      : CgroupHost(mounts),
        walks(tree, hierarchies, files,
              [this](std::size_t hierarchy, std::uint32_t max_cgroups) {
                auto table = std::make_unique<test::FakeWalk>();
                room.push_back(max_cgroups);
                if (refusal.code != 0) return Result<std::unique_ptr<bpf::WalkTable>>(refusal);
                tables[hierarchy] = table.get();
                return Result<std::unique_ptr<bpf::WalkTable>>(std::move(table));
              },
              {.most = 8000, .first = first}),
        step(walks, tree) {
    for (std::size_t h = 0; h < hierarchies.all().size(); ++h) walks.add(h);
  }
  test::FakeWalk& table(cgroup::Controller controller) {
    return *tables[*hierarchies.of(controller)];
  }
  std::uint64_t id(std::string_view path, std::size_t hierarchy) const {
    return find(path)->kernfs_id[hierarchy];
  }
  std::array<test::FakeWalk*, cgroup::kMaxHierarchies> tables{};
  std::vector<std::uint32_t> room;  // that was asked for
  Error refusal{};                  // of more of it
  Walks walks;
  WalkStep step;
};

constexpr Source kMemory[] = {{From::memory, bit(WIRE_WALK_MEMORY_USAGE)}};

}  // namespace

TEST_CASE("a row is that of the hierarchy in which the cgroup's files are") {
  WalkedHost host(test::kV1Mounts);
  host.write("cg/memory/both/memory.usage_in_bytes", "1\n");
  host.write("cg/unified/both/cpu.stat", "usage_usec 1\n");
  host.write("cg/unified/only/cpu.stat", "usage_usec 1\n");
  REQUIRE(host.walks.want(kMemory));
  host.tick(host.step);
  const std::size_t v1 = *host.hierarchies.of(cgroup::Controller::memory);
  const std::size_t v2 = *host.hierarchies.unified();
  host.tables[v1]->set(host.id("/both", v1), WIRE_WALK_MEMORY_USAGE, 11);
  host.tables[v2]->set(host.id("/both", v2), WIRE_WALK_MEMORY_USAGE, 12);
  host.tables[v2]->set(host.id("/only", v2), WIRE_WALK_MEMORY_USAGE, 13);
  host.tick(host.step);
  const Row both = host.walks.row(From::memory, *host.find("/both"));
  CHECK(both.get(WIRE_WALK_MEMORY_USAGE) == 11);
  CHECK_FALSE(both.v2);
  const Row only = host.walks.row(From::memory, *host.find("/only"));
  CHECK(only.get(WIRE_WALK_MEMORY_USAGE) == 13);
  CHECK(only.v2);
  CHECK_FALSE(only.get(WIRE_WALK_PIDS));
  CHECK(host.walks.feeds(v1, kMemory));
  CHECK(host.walks.feeds(v2, kMemory));
  CHECK_FALSE(host.walks.feeds(*host.hierarchies.of(cgroup::Controller::pids), kMemory));
}

TEST_CASE("what is fed by a hierarchy without a walk is not walked") {
  test::CgroupHost host(test::kV1Mounts);
  bool refused = true;
  Walks walks(host.tree, host.hierarchies, host.files,
              [&](std::size_t hierarchy, std::uint32_t) -> Result<std::unique_ptr<bpf::WalkTable>> {
                if (refused && hierarchy == *host.hierarchies.unified())
                  return Error{EPERM, "walk"};
                return std::unique_ptr<bpf::WalkTable>(std::make_unique<test::FakeWalk>());
              },
              {.most = 8000});
  CHECK(walks.add(*host.hierarchies.of(cgroup::Controller::memory)).code == 0);
  CHECK(walks.add(*host.hierarchies.unified()).code == EPERM);
  CHECK_FALSE(walks.want(kMemory));  // some cgroups may be in the v2 tree only
  refused = false;
  CHECK(walks.add(*host.hierarchies.unified()).code == 0);
  CHECK(walks.want(kMemory));
}

TEST_CASE("a walk without room for all gets twice what there is, up to the bound, aloud") {
  WalkedHost host(test::kV2Mounts);
  REQUIRE(host.walks.want(kMemory));
  CHECK(host.room == std::vector<std::uint32_t>{1024});
  host.tables[0]->set(7, WIRE_WALK_MEMORY_USAGE, 1);
  host.tables[0]->unseen = 1499;
  host.ticks(host.step, 2);
  CHECK(host.room == std::vector<std::uint32_t>{1024, 3000});
  CHECK(host.walks.at(0)->is_fresh());  // there is no tick without a walk
  CHECK(host.walks.at(0)->unseen() == 0);
  host.tables[0]->unseen = 100'000;
  host.ticks(host.step, 2);
  CHECK(host.room.back() == 8000);
  CHECK(host.walks.take_remarks().empty());
  host.tables[0]->unseen = 100'000;
  host.ticks(host.step, 4);
  CHECK(host.room.size() == 3);
  const auto remarks = host.walks.take_remarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].is_room);
  CHECK(remarks[0].what == "there are more cgroups than 8000");
}

TEST_CASE("room that is refused is said once and asked for again much later") {
  WalkedHost host(test::kV2Mounts);
  REQUIRE(host.walks.want(kMemory));
  host.tables[0]->unseen = 2000;
  host.refusal = {EPERM, "load a walk"};
  host.ticks(host.step, 299);
  CHECK(host.room.size() == 2);
  const auto remarks = host.walks.take_remarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].what ==
        "no room for more than 1024 cgroups: load a walk (Operation not permitted)");
  host.refusal = {};
  host.ticks(host.step, 10);
  CHECK(host.room == std::vector<std::uint32_t>{1024, 4000, 4000});
  CHECK(host.walks.at(0)->unseen() == 0);
}

TEST_CASE("there is room at once for what the tree knows") {
  WalkedHost host(test::kV2Mounts, 4);
  REQUIRE(host.walks.want(kMemory));
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"})
    host.write("cg/" + std::string(name) + "/cpu.stat", "usage_usec 1\n");
  host.tick(host.step);
  CHECK(host.room == std::vector<std::uint32_t>{4, 10});
  host.ticks(host.step, 2);
  CHECK(host.room.size() == 2);
}

TEST_CASE("a cgroup that only the walk has met is looked for at the next tick") {
  WalkedHost host(test::kV2Mounts);
  REQUIRE(host.walks.want(kMemory));
  host.tick(host.step);
  host.tick(host.step);
  const std::uint64_t listings = host.tree.listings();
  host.tables[0]->row(12345).parent = host.id("/", 0);
  host.ticks(host.step, 2);
  CHECK(host.tree.listings() == listings + 1);
  host.ticks(host.step, 3);
  CHECK(host.tree.listings() == listings + 1);  // it is not there: asked once
}

TEST_CASE("where one is missed by the walk the tree has a look") {
  WalkedHost host(test::kV2Mounts);
  host.write("cg/box/cpu.stat", "usage_usec 1\n");
  REQUIRE(host.walks.want(kMemory));
  host.tick(host.step);
  const std::uint64_t root = host.id("/", 0), box = host.id("/box", 0);
  host.tables[0]->row(root).level = 0;
  host.tables[0]->row(box).parent = root;
  host.ticks(host.step, 2);
  const std::uint64_t listings = host.tree.listings();
  host.tables[0]->remove(box);
  host.ticks(host.step, 4);
  CHECK(host.tree.listings() == listings + 1);
}

TEST_CASE("a walk that is lost is said aloud, once, and not tried again") {
  WalkedHost host(test::kV2Mounts);
  REQUIRE(host.walks.want(kMemory));
  host.tick(host.step);
  CHECK(host.step.mode() == Mode::walk);
  host.tables[0]->error = {EPERM, "run a walk"};
  const std::weak_ptr<const bool> table = host.tables[0]->alive;
  host.ticks(host.step, 6);
  CHECK(table.expired());  // with its maps and descriptors
  CHECK(host.step.read_errors() == 3);
  CHECK(host.step.mode() == Mode::off);
  const auto remarks = host.walks.take_remarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].what.find("run a walk (Operation not permitted)") != std::string::npos);
  CHECK(host.walks.take_remarks().empty());
}

TEST_CASE("a hierarchy is walked in every tick while somebody's figures of every tick are there") {
  WalkedHost host(test::kV1Mounts);
  host.write("cg/memory/both/memory.usage_in_bytes", "1\n");
  host.write("cg/cpuacct/both/cpuacct.usage", "1\n");
  host.write("cg/pids/both/pids.current", "1\n");
  host.write("cg/unified/both/cpu.stat", "usage_usec 1\n");
  REQUIRE(host.walks.want(kMemory));
  const std::size_t v2 = *host.hierarchies.unified();
  const auto walks_of = [&](unsigned ticks) {
    const unsigned before = host.tables[v2]->walks;
    for (unsigned tick = 0; tick < ticks; ++tick) host.tick(host.step);
    return host.tables[v2]->walks - before;
  };
  walks_of(4 * bpf::kTurns);
  const unsigned memory = host.table(cgroup::Controller::memory).walks;
  CHECK(walks_of(2 * bpf::kTurns) == 2);
  CHECK(host.table(cgroup::Controller::memory).walks == memory + 2 * bpf::kTurns);
  host.write("cg/unified/only/cpu.stat", "usage_usec 1\n");
  walks_of(1);
  CHECK(walks_of(2 * bpf::kTurns) == 2 * bpf::kTurns);
}

TEST_CASE("what stands still waits as long as docs/freshness.md says") {
  CHECK(bpf::kTurns == 30);
  CHECK(bpf::kShortTurns == 10);
}

TEST_CASE("throttling is of every tick while a container has a quota, and of few without one") {
  constexpr Source kCpu[] = {{From::cpu, bit(WIRE_WALK_CPU_QUOTA) | bit(WIRE_WALK_CPU_THROTTLED)}};
  WalkedHost host(test::kV1Mounts);
  host.write("cg/cpu/box/cpu.shares", "1024\n");
  REQUIRE(host.walks.want(kCpu));
  host.tick(host.step);
  const std::size_t cpu = *host.hierarchies.of(cgroup::Controller::cpu);
  const std::uint64_t box = host.id("/box", cpu);
  const auto walks_after = [&](std::uint64_t quota) {
    host.tables[cpu]->set(box, WIRE_WALK_CPU_QUOTA, quota);
    host.ticks(host.step, 3 * bpf::kTurns);
    const unsigned before = host.tables[cpu]->walks;
    host.ticks(host.step, bpf::kTurns);
    return host.tables[cpu]->walks - before;
  };
  CHECK(walks_after(WIRE_WALK_NO_LIMIT) == 1);
  CHECK(walks_after(100'000) == bpf::kTurns);

  // A walk that failed does not say that there is none.
  host.tables[cpu]->error = {EAGAIN, "walk"};
  host.tick(host.step);
  host.write("cg/cpu/another/cpu.shares", "1024\n");
  host.tables[cpu]->error = {};
  host.tick(host.step);
  CHECK(walks_after(100'000) == bpf::kTurns);
  CHECK(walks_after(WIRE_WALK_NO_LIMIT) == 1);
}

TEST_CASE("on v1 the walk with CPU usage tells the others where something ran") {
  constexpr Source kBoth[] = {{From::cpuacct, bit(WIRE_WALK_CPU_USAGE)},
                              {From::memory, bit(WIRE_WALK_MEMORY_USAGE)}};
  constexpr unsigned kBoxes = 20;
  WalkedHost host(test::kV1Mounts);
  const auto path = [](unsigned i) { return "/box" + std::to_string(i); };
  for (unsigned i = 0; i < kBoxes; ++i) {
    host.write("cg/memory" + path(i) + "/memory.usage_in_bytes", "1\n");
    host.write("cg/cpuacct" + path(i) + "/cpuacct.usage", "1\n");
  }
  REQUIRE(host.walks.want(kBoth));
  host.tick(host.step);
  const std::size_t memory = *host.hierarchies.of(cgroup::Controller::memory);
  const std::size_t cpuacct = *host.hierarchies.of(cgroup::Controller::cpuacct);
  const auto set = [&](unsigned i, std::uint64_t value) {
    host.tables[memory]->set(host.id(path(i), memory), WIRE_WALK_MEMORY_USAGE, value);
    host.tables[cpuacct]->set(host.id(path(i), cpuacct), WIRE_WALK_CPU_USAGE, value);
  };
  for (unsigned i = 0; i < kBoxes; ++i) set(i, 1);
  host.ticks(host.step, 2 * bpf::kTurns);
  for (unsigned tick = 0; tick < bpf::kTurns; ++tick) {
    set(7, 100 + tick);
    host.tick(host.step);
    REQUIRE(host.tables[memory]->asked);
    CHECK(host.tables[memory]->asked->size() < kBoxes / 2);
    CHECK_FALSE(host.tables[cpuacct]->asked);
    CHECK(host.walks.row(From::memory, *host.find(path(7))).get(WIRE_WALK_MEMORY_USAGE) ==
          100 + tick);
  }
}

TEST_CASE("a walk of which nobody wants CPU usage does not tell the others where something ran") {
  WalkedHost host(test::kV1Mounts);
  host.write("cg/memory/box/memory.usage_in_bytes", "1\n");
  host.write("cg/cpuacct/box/cpuacct.usage", "1\n");
  REQUIRE(host.walks.want(kMemory));
  host.tick(host.step);
  const std::size_t memory = *host.hierarchies.of(cgroup::Controller::memory);
  const std::size_t cpuacct = *host.hierarchies.of(cgroup::Controller::cpuacct);
  host.tables[cpuacct]->set(host.id("/box", cpuacct), WIRE_WALK_CPU_USAGE, 1);
  host.tables[memory]->set(host.id("/box", memory), WIRE_WALK_MEMORY_USAGE, 1);
  host.tables[memory]->set(host.id("/", memory), WIRE_WALK_MEMORY_USAGE, 1);
  for (unsigned tick = 0; tick < 2 * bpf::kTurns; ++tick) {
    host.tick(host.step);
    CHECK_FALSE(host.tables[memory]->asked);
  }
}

TEST_CASE("nothing waits for its turn where ticks are far apart") {
  constexpr std::uint64_t kNear = 1'000'000'000, kFar = 1'500'000'000;
  WalkedHost host(test::kV2Mounts);
  host.write("cg/box/cpu.stat", "usage_usec 1\n");
  REQUIRE(host.walks.want(kMemory));
  const auto turn_after = [&](std::uint64_t ns) {
    host.now.monotonic_ns += ns;
    host.tick(host.step);
    return host.tables[0]->turns.back();
  };
  for (unsigned tick = 0; tick < bpf::kTurns; ++tick) turn_after(kNear);
  CHECK(turn_after(kNear) != bpf::kTurnOfAll);
  CHECK(turn_after(kFar) == bpf::kTurnOfAll);
  CHECK(turn_after(kNear) != bpf::kTurnOfAll);
}
