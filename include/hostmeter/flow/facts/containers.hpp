// How many containers there are and were, and how many of them are shown.
#pragma once
#include "hostmeter/flow/facts.hpp"
#include "hostmeter/flow/own_groups.hpp"

namespace hostmeter {

enum class Containers : std::uint8_t {
  shown,   // with series of their own, those that linger included
  summed,  // alive and without: in the series of kOverflow
  ever_summed,
  hidden,           // other cgroups without series
  records_refused,  // of summed ones: there was no room to remember them
  count
};
constexpr Group group_of(Containers) {
  return own_group::kContainers;
}

// Instance label: runtime.
enum class ContainersSeen : std::uint8_t { seen, count };
constexpr Group group_of(ContainersSeen) {
  return own_group::kContainersSeen;
}

}  // namespace hostmeter
