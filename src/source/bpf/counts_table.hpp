// What BPF programs have summed up for each cgroup, as a reader sees it, whoever holds it.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "hostmeter/base/result.hpp"
#include "hostmeter/wire/ancestors.h"

namespace hostmeter::source::bpf {

// A key says the cgroup by its kernfs id (cgroup_id; 0: of no cgroup), and what of it.
template <class Key, class Value>
struct CountsRow {
  Key key;
  Value sum;  // over all CPUs
};

struct MapHealth {
  std::uint64_t entries = 0;  // at the last reading
  std::uint64_t max_entries = 0;
  std::uint64_t dropped = 0;
  std::optional<std::uint64_t> recursion_misses;
  std::uint64_t max_ancestors = 0;
  std::uint64_t direct = 0;      // rows in use at the last reading of all
  std::uint64_t max_direct = 0;  // 0: it has no such rows
};

template <class Key, class Value>
class CountsTable {
 public:
  virtual ~CountsTable() = default;

  // Every row, in any order; valid until the next call.
  virtual Result<std::span<const CountsRow<Key, Value>>> rows() = 0;

  // Those of them that may have grown since the last call of this or of rows(); valid likewise.
  virtual Result<std::span<const CountsRow<Key, Value>>> grown() { return rows(); }

  // One row as it is now; nothing when it is not there.
  virtual Result<std::optional<Value>> row(const Key&) = 0;

  // All 0 when none were noted.
  virtual wire_ancestors ancestors(std::uint64_t cgroup_id) = 0;

  // True when the row is not there (any more).
  virtual bool erase(const Key&) = 0;
  virtual void erase_ancestors(std::uint64_t cgroup_id) = 0;

  virtual MapHealth health() = 0;
};

}  // namespace hostmeter::source::bpf
