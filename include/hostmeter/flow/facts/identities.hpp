// Who the containers are, and who says so.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Of a container that a runtime described.
enum class ContainerIdentity : std::uint8_t {
  stale,  // 1: the runtime cannot be asked, or knows it no more
  count
};
constexpr Group group_of(ContainerIdentity) {
  return Group::container_identity;
}

enum class IdentitiesField : std::uint8_t {
  descriptions,  // kept, of containers with a cgroup or without
  dropped,       // of containers without a cgroup, for want of room
  held,          // cgroups not shown yet, because their name may be on its way
  excluded,      // containers, by the filter
  count
};
constexpr Group group_of(IdentitiesField) {
  return Group::identities;
}

// Instance labels: runtime.
enum class RuntimeField : std::uint8_t { up, count };
constexpr Group group_of(RuntimeField) {
  return Group::runtime;
}

}  // namespace hostmeter
