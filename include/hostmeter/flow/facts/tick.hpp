// The mark at the end of a tick, and how each reader did.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class TickField : std::uint8_t {
  number,        // since start, the first is 1
  realtime_ns,   // the wall-clock second the tick is for
  monotonic_ns,  // when its reading began
  abandoned,     // 1: a ring stayed full, values are missing: not to be published
  count
};
constexpr Group group_of(TickField) {
  return Group::tick;
}

enum class ReaderField : std::uint8_t {
  busy_ns,  // CPU time spent since start
  parse_errors,
  read_errors,
  mode_walk,  // exactly one of the four is 1
  mode_bpf,
  mode_file,
  mode_off,
  count
};
constexpr Group group_of(ReaderField) {
  return Group::reader;
}

}  // namespace hostmeter
