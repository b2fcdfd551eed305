// The discipline of the kernel's clock, as adjtimex(2) tells.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Timex : std::uint8_t {
  offset_seconds,
  frequency_ratio,  // 1: runs as it is
  max_error_ns,
  estimated_error_ns,
  status,  // STA_* bits
  loop_time_constant,
  tick_ns,
  pps_frequency_hertz,
  pps_jitter_seconds,
  pps_shift_seconds,
  pps_stability_hertz,
  pps_jitter,
  pps_calibrations,
  pps_errors,
  pps_stability_exceeded,
  tai_offset_seconds,
  synchronised,  // 0 or 1
  count
};
constexpr Group group_of(Timex) {
  return Group::timex;
}
constexpr bool is_real(Timex field) {
  switch (field) {
    case Timex::offset_seconds:
    case Timex::frequency_ratio:
    case Timex::pps_frequency_hertz:
    case Timex::pps_jitter_seconds:
    case Timex::pps_shift_seconds:
    case Timex::pps_stability_hertz:
    case Timex::tai_offset_seconds:
      return true;
    default:
      return false;
  }
}

}  // namespace hostmeter
