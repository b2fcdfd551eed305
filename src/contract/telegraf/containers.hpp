// A snapshot's containers: all series of each, and what its engine says of it.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/telegraf/source.hpp"

namespace hostmeter::contract::telegraf {

// Figures of which a container has one each.
enum class Figure : std::uint8_t {
  cpu_usage,
  cpu_user,
  cpu_system,
  periods,
  throttled_periods,
  throttled_time,
  memory_usage,
  working_set,
  rss,
  cache,
  mapped_file,
  active_file,
  inactive_file,
  writeback,
  peak,
  failcnt,
  out_of_memory,
  memory_limit,
  pgfault,
  pgmajfault,
  own_pgfault,
  own_pgmajfault,
  // Of memory.stat alone.
  active_anon,
  inactive_anon,
  unevictable,
  rss_huge,
  pgpgin,
  pgpgout,
  own_active_anon,
  own_inactive_anon,
  own_unevictable,
  own_rss_huge,
  own_pgpgin,
  own_pgpgout,
  own_active_file,
  own_inactive_file,
  own_cache,
  own_mapped_file,
  own_rss,
  own_writeback,
  hierarchical_limit,
  count
};

// A name of memory.stat, and its figure with and without what is below.
struct MemoryStat {
  std::string_view name;
  Figure all, own;
  bool is_gathered;  // both are of memory.stat, read at the interval; else `all` is of each tick
};
inline constexpr MemoryStat kMemoryStat[] = {
    {"active_file", Figure::active_file, Figure::own_active_file, false},
    {"inactive_file", Figure::inactive_file, Figure::own_inactive_file, false},
    {"cache", Figure::cache, Figure::own_cache, false},
    {"mapped_file", Figure::mapped_file, Figure::own_mapped_file, false},
    {"rss", Figure::rss, Figure::own_rss, false},
    {"writeback", Figure::writeback, Figure::own_writeback, false},
    {"active_anon", Figure::active_anon, Figure::own_active_anon, true},
    {"inactive_anon", Figure::inactive_anon, Figure::own_inactive_anon, true},
    {"unevictable", Figure::unevictable, Figure::own_unevictable, true},
    {"rss_huge", Figure::rss_huge, Figure::own_rss_huge, true},
    {"pgpgin", Figure::pgpgin, Figure::own_pgpgin, true},
    {"pgpgout", Figure::pgpgout, Figure::own_pgpgout, true},
};

struct BlockDevice {
  std::string number;  // "254:0"
  Term read_bytes, write_bytes, discard_bytes, async_bytes, reads, writes, discards, asyncs;
};
struct Interface {
  enum Field : std::uint8_t {
    rx_bytes,
    rx_packets,
    rx_errors,
    rx_dropped,
    tx_bytes,
    tx_packets,
    tx_errors,
    tx_dropped,
    kFields
  };
  std::string name;
  std::array<Term, kFields> figures;
};

struct CpuUsage {
  std::string number;  // "0"
  Term usage;
};

// What the kernel counts of one.
struct Counted {
  std::uint32_t slot = 0, generation = 0;
  std::array<Term, std::size_t(Figure::count)> figures{};
  std::optional<double> memory_limit;  // 0: none
  std::vector<CpuUsage> cpus;
  std::vector<BlockDevice> disks;
  std::vector<Interface> interfaces;
  bool has_nested = false;  // cgroups of its own below it

  const Term& operator[](Figure figure) const { return figures[std::size_t(figure)]; }
  bool is_v1() const { return (*this)[Figure::failcnt].exists(); }
};

// What its engine says.
struct Told {
  std::string status;  // running, exited …; empty: not known
  std::string health;  // healthy …; empty: nobody checks
  Term started, finished, restarts, exit_code, oom_killed, disk_bytes, root_fs_bytes,
      health_failures, pid;
};

struct Container {
  std::string id;
  const Description* description = nullptr;
  std::optional<Counted> counted;
  Told told;
};

// Differs when anything of it does that is not a value, or its limit or state.
std::uint64_t hash_of(const Container& container, std::uint64_t seed);

// Those that this runtime described, by id.
std::map<std::string, Container> containers_of(const std::string& runtime, Source& source);

}  // namespace hostmeter::contract::telegraf
