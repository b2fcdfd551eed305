// Clock sources of the kernel. Instance labels: device, clocksource.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// 1 where it holds, absent where it does not.
enum class Clocksource : std::uint8_t { available, current, count };
constexpr Group group_of(Clocksource) {
  return Group::clocksource;
}

}  // namespace hostmeter
