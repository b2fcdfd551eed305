// What a cgroup is, and that it is there. Instance labels: runtime, container_id, pod_uid,
// qos_class, unit, kind.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupInfo : std::uint8_t {
  info,          // always 1
  last_seen_ns,  // since 1970: the tick it was last listed in
  count
};
constexpr Group group_of(CgroupInfo) {
  return Group::cgroup_info;
}

}  // namespace hostmeter
