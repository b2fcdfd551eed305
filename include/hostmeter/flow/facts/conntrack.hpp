// The connection tracking table of the host's network namespace.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Conntrack : std::uint8_t {
  entries,
  entries_limit,
  // sums over all CPUs since boot
  found,
  invalid,
  ignored,
  insert,
  insert_failed,
  dropped,
  early_drop,
  search_restart,
  count
};
constexpr Group group_of(Conntrack) {
  return Group::conntrack;
}

}  // namespace hostmeter
