// The host's wall clock and its time zone.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class TimeField : std::uint8_t { now_ns, count };  // since 1970
constexpr Group group_of(TimeField) {
  return Group::time;
}

// Instance label: time_zone ("CEST").
enum class TimeZone : std::uint8_t { offset_seconds, count };  // east of Greenwich is positive
constexpr Group group_of(TimeZone) {
  return Group::time_zone;
}
constexpr bool is_real(TimeZone) {
  return true;
}

}  // namespace hostmeter
