// The counts of bpf/blkio.bpf.c as a reader sees them, whoever holds them.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "hostmeter/base/result.hpp"
#include "hostmeter/wire/blkio.h"

namespace hostmeter::source::bpf {

struct BlkioRow {
  wire_blkio_key key;
  wire_blkio sum;  // over all CPUs; modulo 2^64 it may shrink, see hostmeter/wire/blkio.h
};

struct MapHealth {
  std::uint64_t entries = 0;  // at the last rows()
  std::uint64_t max_entries = 0;
  std::uint64_t dropped = 0;
  std::optional<std::uint64_t> recursion_misses;
};

class BlkioTable {
 public:
  virtual ~BlkioTable() = default;

  // Every row, in any order; valid until the next call.
  virtual Result<std::span<const BlkioRow>> rows() = 0;

  // One row as it is now; nothing when it is not there.
  virtual std::optional<wire_blkio> row(const wire_blkio_key&) = 0;

  // All 0 when none were noted.
  virtual wire_blkio_ancestors ancestors(std::uint64_t cgroup_id) = 0;

  // True when the row is not there (any more).
  virtual bool erase(const wire_blkio_key&) = 0;
  virtual void erase_ancestors(std::uint64_t cgroup_id) = 0;

  virtual MapHealth health() = 0;
};

}  // namespace hostmeter::source::bpf
