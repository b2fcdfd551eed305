// How long block I/O took, by cgroup, device and operation, summed up the cgroup tree.
#pragma once
#include "source/bpf/blkio_table.hpp"
#include "source/bpf/latency_counting.hpp"
#include "source/bpf/tree_accounts.hpp"

namespace hostmeter::source::bpf {

struct BlkioLatencyCounting : LatencyCounting, BlkioKeys {
  using Key = wire_blkio_key;
  struct Item {
    std::uint32_t dev = 0, op = 0;  // as in the key
    friend bool operator==(const Item&, const Item&) = default;
  };

  static bool is_valid(const Key& key) { return key.op < WIRE_BLKIO_OPS; }
  static Item item_of(const Key& key) { return {key.dev, key.op}; }
  static std::uint32_t dev_of(Item item) { return item.dev; }
  static void credit(Sums& sums, const Key&, const Value& growth) { add_to(sums, growth); }
};
using BlkioLatencyTable = CountsTable<wire_blkio_key, wire_latency>;
using BlkioLatencyAccounts = TreeAccounts<BlkioLatencyCounting>;

}  // namespace hostmeter::source::bpf
