// Waits for a CPU by cgroup, summed up the cgroup tree.
#pragma once
#include "hostmeter/wire/run_queue.h"
#include "source/bpf/latency_counting.hpp"
#include "source/bpf/tree_accounts.hpp"

namespace hostmeter::source::bpf {

struct RunQueueKey {
  std::uint64_t cgroup_id = 0;
  std::uint32_t slot = 0;  // where the row is: the same for as long as the cgroup is there
};

struct RunQueueCounting : LatencyCounting {
  using Key = RunQueueKey;
  struct Item {  // there is but one
    friend bool operator==(const Item&, const Item&) = default;
  };
  static constexpr std::size_t kInstances = 0;

  static bool is_valid(const Key&) { return true; }
  static bool is_same_row(const Key& a, const Key& b) { return a.slot == b.slot; }
  static Item item_of(const Key&) { return {}; }
  static void credit(Sums& sums, const Key&, const Value& growth) { add_to(sums, growth); }
};
using RunQueueTable = CountsTable<RunQueueKey, wire_latency>;
using RunQueueRow = CountsRow<RunQueueKey, wire_latency>;
using RunQueueAccounts = TreeAccounts<RunQueueCounting>;

}  // namespace hostmeter::source::bpf
