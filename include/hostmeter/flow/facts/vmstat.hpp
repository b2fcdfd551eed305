// Events of the memory manager since boot.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Vmstat : std::uint8_t {
  pgpgin,   // KiB
  pgpgout,  // KiB
  pswpin,
  pswpout,
  pgfault,
  pgmajfault,
  oom_kill,
  count
};
constexpr Group group_of(Vmstat) {
  return Group::vmstat;
}

}  // namespace hostmeter
