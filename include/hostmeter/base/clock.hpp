// Time is passed in: nobody but src/base/clock.cpp asks the kernel for it.
#pragma once
#include <cstdint>

namespace hostmeter {

struct Clock {
  virtual ~Clock() = default;
  virtual std::uint64_t realtime_ns() const = 0;    // since 1970, may jump
  virtual std::uint64_t monotonic_ns() const = 0;   // since boot, never goes back
  virtual std::uint64_t thread_cpu_ns() const = 0;  // CPU time of the calling thread
};

}  // namespace hostmeter
