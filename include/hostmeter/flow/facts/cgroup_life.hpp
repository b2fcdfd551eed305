// What processes of a cgroup and of all below it started and ended, since the agent looks.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupLife : std::uint8_t {
  execs,
  exits,
  lived_ns,  // among the final figures only, and where the kernel saw its birth and its end
  count
};
constexpr Group group_of(CgroupLife) {
  return Group::cgroup_life;
}

}  // namespace hostmeter
