// Settings of the cgroup readers.
#pragma once
#include <cstddef>
#include <cstdint>

#include "source/proc/pace.hpp"

namespace hostmeter::source::cgroup {

enum class Show : std::uint8_t { all, containers };

struct Options {
  Show scope = Show::all;            // containers: no slices, units, pods and plain directories
  bool nested = false;               // also serve what containers make below themselves
  std::size_t max_cgroups = 20'000;  // more are counted, not followed
  std::size_t max_watches = ~std::size_t{0};  // directories beyond are listed in turns

  // How long the final counters of what is gone are served, and of how many at once.
  std::uint64_t linger_ns = 0;
  std::size_t max_lingering = 2'000;

  // Kept descriptors; lower when RLIMIT_NOFILE leaves less. What is beyond is opened each time.
  std::size_t max_open_files = 2'000;
  // How fresh every figure is: docs/freshness.md.
  unsigned warm_every = 5;   // ticks between two looks at pressure, peaks and events
  unsigned idle_every = 30;  // the same for peaks and events of a cgroup whose memory stood still
  unsigned cold_every = 60;  // ticks between two looks at limits
  bool blkio_files = true;   // false where BPF counts block I/O
  // When these are read of containers; none: not at all.
  proc::Moments memory_stat{}, cpu_each{};
};

}  // namespace hostmeter::source::cgroup
