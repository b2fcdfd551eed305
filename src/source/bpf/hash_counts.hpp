// Rows of a per-CPU hash map of the kernel, and the direct rows in front of it.
#pragma once
#include <bpf/bpf.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "source/bpf/counts_table.hpp"
#include "source/bpf/direct_rows.hpp"
#include "source/bpf/map_batches.hpp"
#include "source/bpf/mapped_array.hpp"
#include "source/bpf/options.hpp"
#include "source/bpf/programs.hpp"
#include "source/bpf/rights.hpp"
#include "source/bpf/touched_keys.hpp"

namespace hostmeter::source::bpf {

// How many rows a per-CPU map may have, of what size on each CPU: but for what direct rows take.
inline std::uint32_t affordable_rows(const Options& options, std::size_t row, unsigned cpus) {
  constexpr std::size_t kFewest = 64;
  const std::size_t affordable = options.max_bytes / 8 * 7 / (row * cpus);
  return std::uint32_t(std::max(kFewest, std::min<std::size_t>(options.max_entries, affordable)));
}

// For a quarter of the rows on every CPU; where more grow all are read.
inline std::uint32_t touched_bytes(const Options& options, std::uint32_t rows, unsigned cpus) {
  constexpr std::uint64_t kFewest = 64U << 10, kMost = 1U << 20, kEach = 32;
  if (options.touched_bytes != 0) return options.touched_bytes;
  return std::uint32_t(std::bit_ceil(std::clamp(rows / 4 * kEach * cpus, kFewest, kMost)));
}

// What an object has in the kernel. The object itself outlives it.
struct HashMaps {
  int rows, ancestors;  // descriptors
  unsigned cpus;
  std::uint32_t max_entries;
  const __u64* dropped;
  std::vector<int> programs;  // descriptors
  int touched = -1;           // descriptor of the ring of keys
  wire_touches* touches = nullptr;
  int direct = -1;  // descriptor, of so many on each CPU
  std::uint32_t direct_rows = 0;
};

// Counting as for TreeAccounts: grow() sums up the copies of the CPUs.
template <class Counting>
class HashCounts : public CountsTable<typename Counting::Key, typename Counting::Value> {
 public:
  using Key = typename Counting::Key;
  using Value = typename Counting::Value;
  using Row = CountsRow<Key, Value>;

  explicit HashCounts(HashMaps maps)
      : maps_(std::move(maps)),
        mapped_(maps_.direct, std::size_t{maps_.direct_rows} * maps_.cpus, PROT_READ | PROT_WRITE),
        direct_(mapped_ ? mapped_.values() : std::span<Direct>(), maps_.cpus),
        touched_(maps_.touched, maps_.touches),
        misses_(maps_.programs),
        keys_(kBatch),
        copies_(std::size_t{kBatch} * maps_.cpus) {}

  Result<std::span<const Row>> grown() override {
    const auto touched = touched_.take();
    direct_.begin_tick(touched_.tick());
    // One by one costs more than all at once, when it is most of them.
    if (!touched || touched->size() > entries_ / 2 || ++partial_ >= kMostPartial) return rows();
    rows_.clear();
    const int failure = rights_.run([&] {
      for (const Key& key : *touched) {
        Row row{key, {}};
        const int missing = find(key, row.sum);
        if (missing == 0)
          rows_.push_back(row);
        else if (missing != -ENOENT)
          return missing;
      }
      return 0;
    });
    if (failure == 0) return std::span<const Row>(rows_);
    partial_ = kMostPartial;  // whose they were is forgotten: all, next time
    return Error{-failure, "read a BPF map"};
  }

  Result<std::span<const Row>> rows() override {
    partial_ = kMostPartial;
    direct_.unmark_all();
    const int failure = rights_.run([this] { return read_batches(); });
    if (failure != 0) return Error{-failure, "read a BPF map"};
    partial_ = 0;
    entries_ = rows_.size();
    direct_in_use_ = direct_.in_use();
    return std::span<const Row>(rows_);
  }

  Result<std::optional<Value>> row(const Key& key) override {
    Value sum{};
    const int failure = rights_.run([&] { return find(key, sum); });
    if (failure == 0) return std::optional<Value>(sum);
    if (failure == -ENOENT) return std::optional<Value>();
    return Error{-failure, "read a BPF map"};
  }

  wire_ancestors ancestors(std::uint64_t cgroup_id) override {
    wire_ancestors above{};
    const int failure =
        rights_.run([&] { return bpf_map_lookup_elem(maps_.ancestors, &cgroup_id, &above); });
    if (failure != 0) return {};
    return above;
  }

  bool erase(const Key& key) override {
    const int failure = rights_.run([&] { return bpf_map_delete_elem(maps_.rows, &key); });
    if (failure != 0 && failure != -ENOENT) return false;
    direct_.release(key);
    return true;
  }
  void erase_ancestors(std::uint64_t cgroup_id) override {
    rights_.run([&] { return bpf_map_delete_elem(maps_.ancestors, &cgroup_id); });
  }

  MapHealth health() override {
    return {entries_,
            maps_.max_entries,
            __atomic_load_n(maps_.dropped, __ATOMIC_RELAXED),
            misses_.look(rights_),
            maps_.max_entries,
            direct_in_use_,
            mapped_.values().size()};
  }

 protected:
  // As the kernel has a row for each CPU.
  struct Copy {
    wire_touched touched;
    Value value;
  };

  using Direct = typename DirectRows<Counting>::Row;

  // Else errno says why not.
  bool usable() const { return mapped_ && touched_; }

 private:
  static constexpr std::uint32_t kBatch = 512, kLargestBatch = 1U << 16;
  // Readings of parts in a row: what they should miss is not missed for long.
  static constexpr unsigned kMostPartial = 60;

  int read_batches() {
    rows_.clear();
    return bpf::read_batches(maps_.rows, keys_, copies_, kLargestBatch,
                             [this](std::size_t count) { keep(count); });
  }

  void keep(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) rows_.push_back({keys_[i], sum(keys_[i], i)});
  }

  // 0, or a negative errno: -ENOENT where there is no such row.
  int find(const Key& key, Value& all) {
    const int missing = bpf_map_lookup_elem(maps_.rows, &key, copies_.data());
    if (missing == 0)
      all = sum(key, 0);
    else if (missing == -ENOENT)
      direct_.unmark(key);
    return missing;
  }

  Value sum(const Key& key, std::size_t index) {
    Value sum{};
    for (unsigned cpu = 0; cpu < maps_.cpus; ++cpu) {
      const Copy& copy = copies_[index * maps_.cpus + cpu];
      Counting::grow(sum, copy.value);
      if (copy.touched.tick != 0 && touched_.tick() - copy.touched.tick <= 1)
        direct_.want(key, cpu);
    }
    direct_.add_to(sum, key);
    return sum;
  }

  HashMaps maps_;
  UseRights rights_;
  MappedArray<Direct> mapped_;
  DirectRows<Counting> direct_;
  TouchedKeys<Key> touched_;
  unsigned partial_ = kMostPartial;  // readings since the last of all
  std::size_t entries_ = 0;          // at the last of all
  std::size_t direct_in_use_ = 0;    // likewise
  RecursionMisses misses_;
  std::vector<Key> keys_;     // of one batch
  std::vector<Copy> copies_;  // for each of its keys one of each CPU
  std::vector<Row> rows_;
};

}  // namespace hostmeter::source::bpf
