// That a cgroup is there.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupInfo : std::uint8_t {
  last_seen_ns,  // since 1970: the tick it was last listed in
  count
};
constexpr Group group_of(CgroupInfo) {
  return Group::cgroup_info;
}

}  // namespace hostmeter
