// Scripts that print metrics, and what runs them.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Instance labels: script.
enum class ScriptField : std::uint8_t {
  ok,  // runs by how they ended, in the order of source::script::RunResult
  exit,
  signal,
  timeout,
  output,
  parse,
  spawn,
  skipped,
  duration_ns,  // of the last run
  cpu_ns,       // of all runs
  peak_memory_bytes,
  last_success_ns,  // since 1970
  printed_ns,       // when the values shown were printed, on the monotonic clock
  series,           // shown
  dropped_lines,    // of all runs
  is_breaker_open,  // 1: runs are spaced, for too many failed
  is_refused,       // 1: the file must not be run
  oom_kills,        // processes of all runs that were killed at the memory limit
  refused_forks,    // of all runs
  count
};
constexpr Group group_of(ScriptField) {
  return Group::script;
}

// Of all of them.
enum class ScriptsField : std::uint8_t {
  supervisor_up,
  waiting,    // runs that are due and wait for others to end
  left_out,   // executables beyond the bound
  ambiguous,  // executables whose name another has
  count
};
constexpr Group group_of(ScriptsField) {
  return Group::scripts;
}

// Instance labels: feature.
enum class ScriptSandbox : std::uint8_t { in_force, count };
constexpr Group group_of(ScriptSandbox) {
  return Group::script_sandbox;
}

}  // namespace hostmeter
