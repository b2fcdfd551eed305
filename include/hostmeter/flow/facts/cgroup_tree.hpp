// How the following of the cgroup tree goes.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class CgroupTree : std::uint8_t {
  others,  // live cgroups by kind
  slices,
  units,
  pods,
  containers,
  nested,
  ignored,    // directories beyond the limit on cgroups
  rescans,    // times the whole tree was read again
  overflows,  // times the kernel dropped notifications
  watches,
  notified,    // 1: followed by notification; 0: by rescans
  sees_whole,  // 0: only a part of the host's tree is visible
  lingering,   // gone, with their final figures still served
  cut_short,   // of those: forgotten early, for want of room
  unseen,      // came and went between two ticks
  count
};
constexpr Group group_of(CgroupTree) {
  return Group::cgroup_tree;
}

}  // namespace hostmeter
