// Block I/O by cgroup and device, summed up the cgroup tree.
#pragma once
#include <array>

#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "source/bpf/blkio_table.hpp"
#include "source/bpf/tree_accounts.hpp"

namespace hostmeter::source::bpf {

struct BlkioCounting : BlkioKeys {
  using Key = wire_blkio_key;
  using Value = wire_blkio;
  using Item = std::uint32_t;  // the disk, as in the key
  using Sums =
      std::array<std::uint64_t, std::size_t(CgroupBlkio::count)>;  // the untimed: the reader's

  static bool is_valid(const Key& key) { return key.op < WIRE_BLKIO_COUNTED_OPS; }
  static Item item_of(const Key& key) { return key.dev; }
  static std::uint32_t dev_of(Item item) { return item; }
  static Value load(const Value&);
  static Value growth(const Value& now, const Value& seen);
  static bool is_growth(const Value& growth) { return growth.bytes != 0 || growth.ops != 0; }
  static void grow(Value& seen, const Value& growth);
  static void credit(Sums&, const Key&, const Value& growth);
};
using BlkioAccounts = TreeAccounts<BlkioCounting>;

}  // namespace hostmeter::source::bpf
