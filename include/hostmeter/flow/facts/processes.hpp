// Processes by state, each counted once under the state of its first thread.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// The letters are those of /proc/PID/stat.
enum class Processes : std::uint8_t {
  running,   // R
  sleeping,  // S
  blocked,   // D
  stopped,   // T
  traced,    // t
  zombies,   // Z
  dead,      // X
  paging,    // W
  parked,    // P
  idle,      // I
  unknown,   // any other letter
  total,
  threads,
  max_processes,  // kernel.pid_max
  max_threads,    // kernel.threads-max
  count
};
constexpr Group group_of(Processes) {
  return Group::processes;
}

}  // namespace hostmeter
