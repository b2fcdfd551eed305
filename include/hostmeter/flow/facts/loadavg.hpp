// /proc/loadavg.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Loadavg : std::uint8_t { one_minute, five_minutes, fifteen_minutes, count };
constexpr Group group_of(Loadavg) {
  return Group::loadavg;
}
constexpr bool is_real(Loadavg) {
  return true;
}

}  // namespace hostmeter
