// Rows that BPF programs find by the key alone, in memory that the kernel shares: bpf/direct.bpf.h.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "hostmeter/wire/blkio.h"
#include "source/bpf/options.hpp"

namespace hostmeter::source::bpf {

// How many of them each CPU may have, of what size: they get an eighth of the memory.
inline std::uint32_t affordable_direct_rows(const Options& options, std::size_t row,
                                            unsigned cpus) {
  constexpr std::size_t kFewest = 64;
  const std::size_t affordable = std::max(kFewest, options.max_bytes / 8 / (row * cpus));
  return std::bit_floor(std::uint32_t(std::min<std::size_t>(options.direct_rows, affordable)));
}

// Counting as for TreeAccounts, and Value load(const Value&), which reads what the kernel writes
// meanwhile.
template <class Counting>
class DirectRows {
 public:
  using Key = wire_blkio_key;
  using Value = typename Counting::Value;
  struct alignas(64) Row {
    wire_blkio_owner owner;
    Value value;
  };

  // [cpu][row], for as long as it lives.
  DirectRows(std::span<Row> rows, unsigned cpus)
      : rows_(rows), each_(std::uint32_t(rows.size() / cpus)) {}

  // What the CPUs have of the key.
  void add_to(Value& sum, const Key& key) const {
    for (std::size_t at = index_of(key); at < rows_.size(); at += each_)
      if (is_of(rows_[at], key)) Counting::grow(sum, Counting::load(rows_[at].value));
  }

  // They are the key's no more, and nobody's before the tick after this one: a program that has
  // found one to be the key's may be about to add to it still.
  void release(const Key& key) {
    for (std::size_t at = index_of(key); at < rows_.size(); at += each_) {
      Row& row = rows_[at];
      if (!is_of(row, key)) continue;
      __atomic_store_n(&row.owner.key.dev, 0, __ATOMIC_RELEASE);
      released_.push_back(&row);
    }
  }

  // Once a tick. Only the kernel gives rows to others, and empties them before.
  void end_tick() {
    for (Row* const row : free_next_) {
      row->owner.key.cgroup_id = 0;
      __atomic_store_n(&row->owner.touched.claims, 0, __ATOMIC_RELEASE);
    }
    free_next_.swap(released_);
    released_.clear();
  }

 private:
  std::size_t index_of(const Key& key) const { return wire_blkio_direct_index(&key, each_); }

  // Of what is written before dev is: it stays until release().
  static bool is_of(const Row& row, const Key& key) {
    return key.dev != 0 && __atomic_load_n(&row.owner.key.dev, __ATOMIC_ACQUIRE) == key.dev &&
           row.owner.key.cgroup_id == key.cgroup_id && row.owner.key.op == key.op;
  }

  std::span<Row> rows_;
  std::uint32_t each_;                      // of one CPU
  std::vector<Row*> released_, free_next_;  // in this tick, and in the one before
};

}  // namespace hostmeter::source::bpf
