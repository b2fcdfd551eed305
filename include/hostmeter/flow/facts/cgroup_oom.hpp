// The last process of a cgroup that was killed for want of memory. Instance label: comm.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupOom : std::uint8_t {
  killed_ns,  // since 1970
  bytes,      // that it had mapped
  count
};
constexpr Group group_of(CgroupOom) {
  return Group::cgroup_oom;
}

}  // namespace hostmeter
