// What the pump itself makes of what it received: groups and a Subject that never cross a ring.
#pragma once
#include "hostmeter/flow/record.hpp"

namespace hostmeter {

namespace own_group {
inline constexpr Group kEnded = Group(unsigned(Group::count));
inline constexpr Group kEndedInPod = Group(unsigned(Group::count) + 1);
inline constexpr Group kContainers = Group(unsigned(Group::count) + 2);
inline constexpr Group kContainersSeen = Group(unsigned(Group::count) + 3);
}  // namespace own_group

inline constexpr std::size_t kGroups = std::size_t(Group::count) + 4;  // all there are

// All containers together that there is no room to show. No cgroup ever has its slot.
inline constexpr Subject kOverflow{1, 0};

}  // namespace hostmeter
