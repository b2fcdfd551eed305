// Which of the kernel's files says what a field of a walk says.
#pragma once
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/wire/walk.h"
#include "walk_lab.hpp"

namespace hostmeter::test {

struct Figure {
  wire_walk_field field;
  const char* file;
  std::string_view key;     // what stands before the number; "": the first in the file
  std::uint64_t unit = 1;   // the field's, in the file's
  std::uint64_t slack = 0;  // what it may move there and back between two looks
};

inline constexpr std::uint64_t kMoves = std::uint64_t{2} << 20;  // memory that comes and goes
inline constexpr std::uint64_t kMicro = 1000, kKibi = 1024;

inline const std::vector<Figure>& v2_figures() {
  static const std::vector<Figure> figures{
      {WIRE_WALK_CPU_USAGE, "cpu.stat", "usage_usec ", kMicro},
      {WIRE_WALK_CPU_PERIODS, "cpu.stat", "nr_periods "},
      {WIRE_WALK_CPU_THROTTLED_PERIODS, "cpu.stat", "nr_throttled "},
      {WIRE_WALK_CPU_THROTTLED, "cpu.stat", "throttled_usec ", kMicro},
      {WIRE_WALK_CPU_BURST_PERIODS, "cpu.stat", "nr_bursts "},
      {WIRE_WALK_CPU_BURST, "cpu.stat", "burst_usec ", kMicro},
      {WIRE_WALK_CPU_QUOTA, "cpu.max", "", kMicro},
      {WIRE_WALK_MEMORY_USAGE, "memory.current", "", 1, kMoves},
      {WIRE_WALK_MEMORY_PEAK, "memory.peak", ""},
      {WIRE_WALK_MEMORY_MAX, "memory.max", ""},
      {WIRE_WALK_MEMORY_HIGH, "memory.high", ""},
      {WIRE_WALK_MEMORY_LOW, "memory.low", ""},
      {WIRE_WALK_SWAP_USAGE, "memory.swap.current", "", 1, kMoves},
      {WIRE_WALK_SWAP_MAX, "memory.swap.max", ""},
      {WIRE_WALK_EVENTS_LOW, "memory.events", "low "},
      {WIRE_WALK_EVENTS_HIGH, "memory.events", "\nhigh "},
      {WIRE_WALK_EVENTS_MAX, "memory.events", "\nmax "},
      {WIRE_WALK_EVENTS_OOM, "memory.events", "\noom "},
      {WIRE_WALK_EVENTS_OOM_KILL, "memory.events", "\noom_kill "},
      {WIRE_WALK_ANON, "memory.stat", "anon ", 1, kMoves},
      {WIRE_WALK_FILE, "memory.stat", "\nfile ", 1, kMoves},
      {WIRE_WALK_FILE_MAPPED, "memory.stat", "\nfile_mapped ", 1, kMoves},
      {WIRE_WALK_FILE_DIRTY, "memory.stat", "\nfile_dirty ", 1, kMoves},
      {WIRE_WALK_FILE_WRITEBACK, "memory.stat", "\nfile_writeback ", 1, kMoves},
      {WIRE_WALK_ACTIVE_FILE, "memory.stat", "\nactive_file ", 1, kMoves},
      {WIRE_WALK_INACTIVE_FILE, "memory.stat", "\ninactive_file ", 1, kMoves},
      {WIRE_WALK_REFAULT_ANON, "memory.stat", "\nworkingset_refault_anon "},
      {WIRE_WALK_REFAULT_FILE, "memory.stat", "\nworkingset_refault_file "},
      {WIRE_WALK_KERNEL, "memory.stat", "\nkernel ", 1, kMoves},
      {WIRE_WALK_PGFAULT, "memory.stat", "\npgfault "},
      {WIRE_WALK_PGMAJFAULT, "memory.stat", "\npgmajfault "},
      {WIRE_WALK_PGSCAN, "memory.stat", "\npgscan "},
      {WIRE_WALK_PGSTEAL, "memory.stat", "\npgsteal "},
      {WIRE_WALK_PIDS, "pids.current", "", 1, 1},
      {WIRE_WALK_PIDS_MAX, "pids.max", ""},
      {WIRE_WALK_PIDS_EVENTS_MAX, "pids.events", "max "},
      {WIRE_WALK_PSI_IO_SOME, "io.pressure", "total=", kMicro},
      {WIRE_WALK_PSI_MEMORY_SOME, "memory.pressure", "total=", kMicro},
      {WIRE_WALK_PSI_CPU_SOME, "cpu.pressure", "total=", kMicro},
      {WIRE_WALK_POPULATED, "cgroup.events", "populated "},
      {WIRE_WALK_FROZEN, "cgroup.events", "frozen "},
      {WIRE_WALK_DESCENDANTS, "cgroup.stat", "nr_descendants "},
  };
  return figures;
}

inline const std::vector<Figure>& v1_figures() {
  static const std::vector<Figure> figures{
      {WIRE_WALK_CPU_USAGE, "cpuacct.usage", ""},
      {WIRE_WALK_CPU_PERIODS, "cpu.stat", "nr_periods "},
      {WIRE_WALK_CPU_THROTTLED_PERIODS, "cpu.stat", "nr_throttled "},
      {WIRE_WALK_CPU_THROTTLED, "cpu.stat", "throttled_time "},
      {WIRE_WALK_CPU_BURST_PERIODS, "cpu.stat", "nr_bursts "},
      {WIRE_WALK_CPU_BURST, "cpu.stat", "burst_time "},
      {WIRE_WALK_CPU_QUOTA, "cpu.cfs_quota_us", "", kMicro},
      {WIRE_WALK_CPU_PERIOD, "cpu.cfs_period_us", "", kMicro},
      {WIRE_WALK_CPU_SHARES, "cpu.shares", ""},
      {WIRE_WALK_MEMORY_USAGE, "memory.usage_in_bytes", "", 1, kMoves},
      {WIRE_WALK_MEMORY_PEAK, "memory.max_usage_in_bytes", ""},
      {WIRE_WALK_MEMORY_MAX, "memory.limit_in_bytes", ""},
      {WIRE_WALK_MEMORY_LOW, "memory.soft_limit_in_bytes", ""},
      {WIRE_WALK_MEMORY_FAILCNT, "memory.failcnt", ""},
      {WIRE_WALK_SWAP_USAGE, "memory.memsw.usage_in_bytes", "", 1, kMoves},
      {WIRE_WALK_SWAP_MAX, "memory.memsw.limit_in_bytes", ""},
      {WIRE_WALK_KERNEL_USAGE, "memory.kmem.usage_in_bytes", "", 1, kMoves},
      {WIRE_WALK_EVENTS_OOM_KILL, "memory.oom_control", "\noom_kill "},
      {WIRE_WALK_ANON, "memory.stat", "\ntotal_rss ", 1, kMoves},
      {WIRE_WALK_FILE, "memory.stat", "\ntotal_cache ", 1, kMoves},
      {WIRE_WALK_FILE_MAPPED, "memory.stat", "\ntotal_mapped_file ", 1, kMoves},
      {WIRE_WALK_FILE_DIRTY, "memory.stat", "\ntotal_dirty ", 1, kMoves},
      {WIRE_WALK_FILE_WRITEBACK, "memory.stat", "\ntotal_writeback ", 1, kMoves},
      {WIRE_WALK_ACTIVE_FILE, "memory.stat", "\ntotal_active_file ", 1, kMoves},
      {WIRE_WALK_INACTIVE_FILE, "memory.stat", "\ntotal_inactive_file ", 1, kMoves},
      {WIRE_WALK_REFAULT_ANON, "memory.stat", "\ntotal_workingset_refault_anon "},
      {WIRE_WALK_REFAULT_FILE, "memory.stat", "\ntotal_workingset_refault_file "},
      {WIRE_WALK_SWAP, "memory.stat", "\ntotal_swap "},
      {WIRE_WALK_PGFAULT, "memory.stat", "\ntotal_pgfault "},
      {WIRE_WALK_PGMAJFAULT, "memory.stat", "\ntotal_pgmajfault "},
      {WIRE_WALK_OWN_PGFAULT, "memory.stat", "\npgfault "},
      {WIRE_WALK_OWN_PGMAJFAULT, "memory.stat", "\npgmajfault "},
      {WIRE_WALK_PIDS, "pids.current", "", 1, 1},
      {WIRE_WALK_PIDS_MAX, "pids.max", ""},
      {WIRE_WALK_PIDS_EVENTS_MAX, "pids.events", "max "},
  };
  return figures;
}

// What the text of the file says; "max", -1 and v1's PAGE_COUNTER_MAX are no limit.
inline std::optional<std::uint64_t> read_figure(std::string_view text, const Figure& figure) {
  if (!figure.key.empty()) {
    std::string_view key = figure.key;
    const std::string_view without_newline = key.substr(key.front() == '\n');
    if (text.starts_with(without_newline)) key = without_newline;
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + key.size());
  }
  if (text.starts_with("max") || text.starts_with("-1")) return WIRE_WALK_NO_LIMIT;
  std::uint64_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc()) return {};
  return value == 9223372036854771712U ? WIRE_WALK_NO_LIMIT : value;
}

// The files of some figures in a cgroup, each read once.
class Files {
 public:
  Files(const std::filesystem::path& cgroup, const std::vector<Figure>& figures) {
    for (const Figure& figure : figures)
      if (!texts_.contains(figure.file)) texts_.emplace(figure.file, slurp(cgroup / figure.file));
  }
  std::optional<std::uint64_t> read(const Figure& figure) const {
    return read_figure(texts_.find(figure.file)->second, figure);
  }

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

// As the file has it: in its unit, rounded down.
inline std::uint64_t in_unit(std::uint64_t value, const Figure& figure) {
  return value == WIRE_WALK_NO_LIMIT ? value : value / figure.unit;
}

// Between two looks at the file; a figure that moves meanwhile may have been beyond both.
inline bool agrees(std::uint64_t before, std::uint64_t value, std::uint64_t after,
                   std::uint64_t slack) {
  const auto [low, high] = std::minmax(before, after);
  if (low == high) slack = 0;
  return value + slack >= low && (value <= high || value - high <= slack);
}

}  // namespace hostmeter::test
