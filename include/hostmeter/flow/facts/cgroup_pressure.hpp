// Stall information of a cgroup: time in which some or all of its tasks waited, in ns.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupPressure : std::uint8_t {
  cpu_some,
  cpu_full,  // 5.13 and later
  memory_some,
  memory_full,
  io_some,
  io_full,
  count
};
constexpr Group group_of(CgroupPressure) {
  return Group::cgroup_pressure;
}

}  // namespace hostmeter
