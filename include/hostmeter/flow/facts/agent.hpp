// How we do ourselves.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Agent : std::uint8_t {
  start_time_ns,  // since 1970
  cpu_ns,         // of the whole process
  resident_bytes,
  ticks_complete,
  ticks_skipped,    // the one before took too long
  ticks_abandoned,  // a ring stayed full
  open_files,       // descriptors kept for cgroup files are most of them
  count
};
constexpr Group group_of(Agent) {
  return Group::agent;
}

// Instance labels: version, compiler.
enum class Build : std::uint8_t { one, count };
constexpr Group group_of(Build) {
  return Group::build;
}

// Instance labels: ring, printer; one of them, and the other is empty: whatever the pump hears.
enum class RingField : std::uint8_t {
  dropped,
  capacity,
  news_delayed,
  printer_left_out,  // series that it prints and are not shown
  count
};
constexpr Group group_of(RingField) {
  return Group::ring;
}

enum class SeriesTableField : std::uint8_t {
  series,
  refused,        // beyond the limit
  stale_records,  // of Subjects or instances that are gone
  snapshot_monotonic_ns,
  scrapes_refused,   // too many connections were waiting
  printed,           // by scripts
  printed_left_out,  // a contradiction, or one too many
  count
};
constexpr Group group_of(SeriesTableField) {
  return Group::series_table;
}

}  // namespace hostmeter
