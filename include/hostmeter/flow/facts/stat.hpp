// What /proc/stat says of the host as a whole.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Stat : std::uint8_t {
  interrupts,
  context_switches,
  boot_time_ns,  // since 1970
  forks,
  procs_running,
  procs_blocked,
  count
};
constexpr Group group_of(Stat) {
  return Group::stat;
}

}  // namespace hostmeter
