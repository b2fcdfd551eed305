// Births and deaths as the kernel tells them, since the agent listens.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Life : std::uint8_t {
  made,  // cgroups, in one hierarchy
  removed,
  oom_kills,
  // Not told of, by what it was and why.
  made_no_room,
  removed_no_room,
  oom_kills_no_room,
  made_rationed,
  removed_rationed,
  oom_kills_rationed,
  malformed,
  count
};
constexpr Group group_of(Life) {
  return Group::life;
}

}  // namespace hostmeter
