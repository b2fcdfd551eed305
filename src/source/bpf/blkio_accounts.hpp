// Block I/O by cgroup and device, summed up the cgroup tree.
#pragma once
#include <array>

#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "source/bpf/blkio_table.hpp"
#include "source/bpf/latency_counting.hpp"
#include "source/bpf/tree_accounts.hpp"

namespace hostmeter::source::bpf {

struct BlkioCounting {
  using Key = wire_blkio_key;
  using Value = wire_blkio;
  using Item = std::uint32_t;  // the disk, as in the key
  struct Sums {
    std::array<std::uint64_t, std::size_t(CgroupBlkio::count)> counts{};
    std::array<LatencySums, WIRE_BLKIO_OPS> latencies{};
    std::uint32_t grown_latencies = 0;  // a bit each, until the owner clears it
  };
  // Of the disk, and of each operation on it.
  static constexpr std::size_t kInstances = 1 + WIRE_BLKIO_OPS;

  static bool is_valid(const Key& key) { return key.op < WIRE_BLKIO_OPS; }
  static bool is_same_row(const Key& a, const Key& b) {
    return a.css == b.css && a.dev == b.dev && a.op == b.op;
  }
  static bool is_outlived(const Key& a, const Key& b) {
    return a.css < b.css && a.dev == b.dev && a.op == b.op;
  }
  static Item item_of(const Key& key) { return key.dev; }
  static Value load(const Value&);
  static Value growth(const Value& now, const Value& seen);
  static bool is_growth(const Value& growth);
  static void grow(Value& seen, const Value& growth);
  static void credit(Sums&, const Key&, const Value& growth);

  // Requests, timed or not.
  static std::uint64_t ops(const Value&);
};
using BlkioAccounts = TreeAccounts<BlkioCounting>;

}  // namespace hostmeter::source::bpf
