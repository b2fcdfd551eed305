// A hierarchy's walk over a made-up inventory, whose rows a test writes by hand.
#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "source/walk/hierarchy_walk.hpp"
#include "support/fake_inventory.hpp"
#include "support/fake_walk.hpp"

namespace hostmeter::test {

using namespace source;
using namespace source::walk;

struct Walked {
  Walked() : Walked(std::make_unique<FakeWalk>()) {}
  explicit Walked(std::unique_ptr<FakeWalk> fake)
      : table(*fake), walk(inventory, FakeInventory::kHierarchy, std::move(fake)) {
    walk.want(bit(WIRE_WALK_CPU_USAGE) | bit(WIRE_WALK_PIDS));
    table.set(1, WIRE_WALK_CPU_USAGE, 0);
  }
  std::vector<std::uint32_t> changed() const {
    return {walk.changed().begin(), walk.changed().end()};
  }
  bool has(Subject subject, std::uint64_t usage) const {
    const wire_walk_cgroup* row = walk.row(subject);
    return row && row->value[WIRE_WALK_CPU_USAGE] == usage;
  }
  using Slots = std::vector<std::uint32_t>;

  FakeInventory inventory;
  FakeWalk& table;
  HierarchyWalk walk;
};

}  // namespace hostmeter::test
