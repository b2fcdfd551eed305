// Tasks of a cgroup and of all below it.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupPids : std::uint8_t {
  current,
  max,  // 0: no limit
  count
};
constexpr Group group_of(CgroupPids) {
  return Group::cgroup_pids;
}

}  // namespace hostmeter
