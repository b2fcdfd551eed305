// What a cgroup is allowed.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupSpec : std::uint8_t {
  cpu_period_ns,
  cpu_quota_ns,  // absent: none
  cpu_shares,    // v2: its weight on the scale of v1's shares
  memory_limit,  // bytes; 0: none, as for the next two
  swap_limit,    // v1: memory and swap together
  memory_reservation,
  count
};
constexpr Group group_of(CgroupSpec) {
  return Group::cgroup_spec;
}

}  // namespace hostmeter
