// How a run of a script ended.
#pragma once
#include <cstdint>

namespace hostmeter::source::script {

enum class RunResult : std::uint8_t {
  ok,
  exit,     // with a status other than 0
  signal,   // killed
  timeout,  // not over in time
  output,   // it printed more than it may: the rest was cut off
  parse,    // nothing it printed is of use
  spawn,    // it was refused
  skipped,  // it was due while the one before, or others, still took its place
  count
};

}  // namespace hostmeter::source::script
