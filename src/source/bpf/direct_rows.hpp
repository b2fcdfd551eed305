// Rows that BPF programs find by the key alone, in memory that the kernel shares: bpf/direct.bpf.h.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <unordered_map>
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
//
// A row that is read is unmarked, so that its next growth is told of again.
//
// A row is set free when its key is erased, and moves to another key of its place when that grows
// and its own has not for long; what it had is then kept here. In both cases it is nobody's before
// the tick after that: a program that has found it to be the key's may be about to add to it still.
template <class Counting>
class DirectRows {
 public:
  using Key = wire_blkio_key;
  using Value = typename Counting::Value;
  struct alignas(64) Row {
    wire_blkio_owner owner;
    Value value;
  };
  // Without growth, until a row may move; and how many may in a tick: whoever reads keys meanwhile
  // compares with each of them.
  static constexpr std::uint32_t kIdleTicks = 10;
  static constexpr std::size_t kMostMoved = 64;

  // [cpu][row], for as long as it lives.
  DirectRows(std::span<Row> rows, unsigned cpus)
      : rows_(rows), each_(std::uint32_t(rows.size() / cpus)), grew_(rows.size()) {
    moving_.reserve(2 * kMostMoved);
  }

  // What the CPUs have, or had, of the key.
  void add_to(Value& sum, const Key& key) {
    for (std::size_t at = index_of(key); at < rows_.size(); at += each_) {
      if (!is_of(rows_[at], key)) continue;
      unmark(at);
      Counting::grow(sum, Counting::load(rows_[at].value));
    }
    for (const Moving& moving : moving_)
      if (is_same(moving.key, key)) Counting::grow(sum, Counting::load(moving.row->value));
    if (const auto kept = kept_.find(key); kept != kept_.end()) Counting::grow(sum, kept->second);
  }

  // Before all keys of the hash are read: one that it does not have is there with its next growth.
  void unmark_all() {
    for (std::size_t at = 0; at < rows_.size(); ++at) unmark(at);
  }
  // Likewise of one that was looked for in vain.
  void unmark(const Key& key) {
    for (std::size_t at = index_of(key); at < rows_.size(); at += each_)
      if (is_of(rows_[at], key)) unmark(at);
  }

  // Of a key that grew on that CPU, in this tick or the last, without a row of its own.
  void want(const Key& key, unsigned cpu) {
    const std::size_t at = cpu * each_ + index_of(key);
    Row& row = rows_[at];
    const Key owner = owner_of(row);
    if (owner.dev == 0 || is_same(owner, key) || moved_ == kMostMoved) return;
    if (is_marked(row) || tick_ - grew_[at] < kIdleTicks) return;
    __atomic_store_n(&row.owner.dev, 0, __ATOMIC_RELEASE);
    moving_.push_back({&row, owner, tick_});
    ++moved_;
  }

  // They are the key's no more.
  void release(const Key& key) {
    for (std::size_t at = index_of(key); at < rows_.size(); at += each_) {
      if (!is_of(rows_[at], key)) continue;
      __atomic_store_n(&rows_[at].owner.dev, 0, __ATOMIC_RELEASE);
      released_.push_back(&rows_[at]);
    }
    std::erase_if(moving_, [&](const Moving& moving) {
      if (!is_same(moving.key, key)) return false;
      released_.push_back(moving.row);
      return true;
    });
    kept_.erase(key);
  }

  // Once a tick, with the number of the one that begins. Only the kernel gives rows to others, and
  // empties them before.
  void begin_tick(std::uint32_t tick) {
    tick_ = tick;
    for (Row* const row : free_next_) set_free(*row);
    free_next_.swap(released_);
    released_.clear();
    std::erase_if(moving_, [&](const Moving& moving) {
      if (tick - moving.since < 2) return false;
      Counting::grow(kept_[moving.key], Counting::load(moving.row->value));
      set_free(*moving.row);
      return true;
    });
    moved_ = 0;
  }

  // How many are not free.
  std::size_t in_use() const {
    return std::size_t(std::count_if(rows_.begin(), rows_.end(), [](const Row& row) {
      return __atomic_load_n(&row.owner.touched.claims, __ATOMIC_RELAXED) != 0;
    }));
  }

 private:
  struct Moving {
    Row* row;
    Key key;  // of which it still is
    std::uint32_t since;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const { return wire_blkio_direct_index(&key, 1U << 24); }
  };
  struct Same {
    bool operator()(const Key& a, const Key& b) const { return is_same(a, b); }
  };

  std::size_t index_of(const Key& key) const { return wire_blkio_direct_index(&key, each_); }
  static bool is_same(const Key& a, const Key& b) {
    return a.css == b.css && a.dev == b.dev && a.op == b.op;
  }

  // Without its cgroup. dev is 0 while it is nobody's. What is written before dev is stays until it
  // is 0 again.
  static Key owner_of(const Row& row) {
    Key owner{};
    owner.dev = __atomic_load_n(&row.owner.dev, __ATOMIC_ACQUIRE);
    owner.css = row.owner.css;
    owner.op = row.owner.op;
    return owner;
  }
  static bool is_of(const Row& row, const Key& key) {
    return key.dev != 0 && is_same(owner_of(row), key);
  }

  static bool is_marked(const Row& row) {
    return __atomic_load_n(&row.owner.touched.tick, __ATOMIC_RELAXED) != 0;
  }
  // Before it is read: what a program that still finds the mark has added is seen now, or, where
  // adds may be seen later than the mark is looked at (arm64), when the key is read again in the
  // next tick.
  void unmark(std::size_t at) {
    if (!is_marked(rows_[at])) return;
    __atomic_exchange_n(&rows_[at].owner.touched.tick, 0, __ATOMIC_SEQ_CST);
    grew_[at] = tick_;
  }

  void set_free(Row& row) {
    grew_[std::size_t(&row - rows_.data())] = tick_;  // whoever claims it next is new
    row.owner.css = 0;
    __atomic_fetch_sub(&row.owner.touched.claims, 1, __ATOMIC_RELEASE);
  }

  std::span<Row> rows_;
  std::uint32_t each_;                               // of one CPU
  std::vector<std::uint32_t> grew_;                  // the tick in which one was last seen to have
  std::vector<Row*> released_, free_next_;           // in this tick, and in the one before
  std::vector<Moving> moving_;                       // likewise in these two
  std::unordered_map<Key, Value, Hash, Same> kept_;  // what moved rows had, by their key of then
  std::uint32_t tick_ = 0;
  std::size_t moved_ = 0;  // in this tick
};

}  // namespace hostmeter::source::bpf
