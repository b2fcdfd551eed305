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

}  // namespace hostmeter
