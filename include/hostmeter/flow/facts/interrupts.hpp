// Interrupts by processor, from /proc/interrupts and /proc/softirqs.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Instance labels: cpu, type, info, devices. cpu is empty where the kernel counts for all
// processors together.
enum class Interrupts : std::uint8_t { handled, count };
constexpr Group group_of(Interrupts) {
  return Group::interrupts;
}

// Instance labels: cpu, type.
enum class Softirq : std::uint8_t { handled, count };
constexpr Group group_of(Softirq) {
  return Group::softirq;
}

}  // namespace hostmeter
