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
  explicit WalkedHost(std::string_view mounts)
      : CgroupHost(mounts), walks(tree, hierarchies, files), step(walks, tree) {
    for (std::size_t h = 0; h < hierarchies.all().size(); ++h) {
      auto table = std::make_unique<test::FakeWalk>();
      tables.push_back(table.get());
      walks.add(h, std::move(table));
    }
  }
  test::FakeWalk& table(cgroup::Controller controller) {
    return *tables[*hierarchies.of(controller)];
  }
  std::uint64_t id(std::string_view path, std::size_t hierarchy) const {
    return find(path)->kernfs_id[hierarchy];
  }
  std::vector<test::FakeWalk*> tables;
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
  Walks walks(host.tree, host.hierarchies, host.files);
  walks.add(*host.hierarchies.of(cgroup::Controller::memory), std::make_unique<test::FakeWalk>());
  CHECK_FALSE(walks.want(kMemory));  // some cgroups may be in the v2 tree only
  walks.add(*host.hierarchies.unified(), std::make_unique<test::FakeWalk>());
  CHECK(walks.want(kMemory));
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

TEST_CASE("a walk that is lost is said aloud, once, and not tried again") {
  WalkedHost host(test::kV2Mounts);
  REQUIRE(host.walks.want(kMemory));
  host.tick(host.step);
  host.tables[0]->error = {EPERM, "run a walk"};
  host.ticks(host.step, 6);
  CHECK(host.tables[0]->walks == 4);
  CHECK(host.step.read_errors() == 3);
  const auto remarks = host.walks.take_remarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].what.find("run a walk (Operation not permitted)") != std::string::npos);
  CHECK(host.walks.take_remarks().empty());
}
