// CPU time of one logical CPU, in ns since boot. Instance label: cpu.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// In the order of /proc/stat's columns. user and nice include guest and guest_nice.
enum class Cpu : std::uint8_t {
  user,
  nice,
  system,
  idle,
  iowait,
  irq,
  softirq,
  steal,
  guest,
  guest_nice,
  count
};
constexpr Group group_of(Cpu) {
  return Group::cpu;
}

}  // namespace hostmeter
