// Tasks of a cgroup and of all below it.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupPids : std::uint8_t {
  current,
  max,         // 0: no limit
  events_max,  // forks refused because of the limit
  populated,   // 1: there is a task in it or below
  frozen,      // v2, 5.2 and later
  own,         // tasks of its own, without those below; only the walk knows
  count
};
constexpr Group group_of(CgroupPids) {
  return Group::cgroup_pids;
}

}  // namespace hostmeter
