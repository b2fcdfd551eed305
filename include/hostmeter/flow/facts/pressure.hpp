// Pressure stall time of the whole host, in ns since boot.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// some: at least one task waited; full: all that could run did.
enum class Pressure : std::uint8_t {
  cpu_some,
  io_some,
  io_full,
  memory_some,
  memory_full,
  irq_full,
  count
};
constexpr Group group_of(Pressure) {
  return Group::pressure;
}

}  // namespace hostmeter
