// Drivers of the host that do not answer. Instance labels: reader, device.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Driver : std::uint8_t {
  overdue,  // 1; there is no instance while it answers
  count
};
constexpr Group group_of(Driver) {
  return Group::driver;
}

}  // namespace hostmeter
