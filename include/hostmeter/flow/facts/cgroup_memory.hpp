// Memory of a cgroup and of all below it, in bytes and events.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupMemory : std::uint8_t {
  usage,
  working_set,  // usage less inactive_file, never below 0
  rss,          // anonymous
  cache,
  mapped_file,
  swap,

  active_file,
  inactive_file,
  file_dirty,
  file_writeback,
  refault_file,
  refault_anon,

  pgfault,
  pgmajfault,
  own_pgfault,     // v1: without the cgroups below; v2 does not tell them apart
  own_pgmajfault,  // likewise
  pgscan,
  pgsteal,

  kernel,
  peak,
  failcnt,  // v1 only
  events_high,
  events_max,
  oom_kills,

  events_low,  // v2 only, and the next
  events_oom,
  count
};
constexpr Group group_of(CgroupMemory) {
  return Group::cgroup_memory;
}

// What only memory.stat says. Own: without the cgroups below, v1 only; v2 has, of all with all
// below, the first three. In bytes, paged in and out in events.
enum class CgroupMemoryStat : std::uint8_t {
  active_anon,
  inactive_anon,
  unevictable,
  rss_huge,
  paged_in,
  paged_out,

  own_active_anon,
  own_inactive_anon,
  own_unevictable,
  own_rss_huge,
  own_paged_in,
  own_paged_out,

  own_active_file,
  own_inactive_file,
  own_cache,
  own_mapped_file,
  own_rss,
  own_writeback,

  hierarchical_limit,  // the lowest of its own and of those above; v1 only
  count
};
constexpr Group group_of(CgroupMemoryStat) {
  return Group::cgroup_memory_stat;
}

}  // namespace hostmeter
