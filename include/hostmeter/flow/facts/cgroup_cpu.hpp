// CPU time of a cgroup and how its quota held it back.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupCpu : std::uint8_t {
  usage_ns,
  user_ns,
  system_ns,
  periods,  // this and what follows: only where a quota is set
  throttled_periods,
  throttled_ns,
  burst_periods,
  burst_ns,
  count
};
constexpr Group group_of(CgroupCpu) {
  return Group::cgroup_cpu;
}

// v1 only. Instance label: cpu, a number.
enum class CgroupCpuEach : std::uint8_t { usage_ns, count };
constexpr Group group_of(CgroupCpuEach) {
  return Group::cgroup_cpu_each;
}

}  // namespace hostmeter
