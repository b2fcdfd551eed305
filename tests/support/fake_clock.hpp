// Clocks that say what a test wants.
#pragma once
#include <atomic>

#include "hostmeter/base/clock.hpp"

namespace hostmeter::test {

// Stands still until told.
struct FakeClock final : Clock {
  std::atomic<std::uint64_t> realtime{1'700'000'000'000'000'000}, monotonic{1'000'000'000'000},
      cpu{0};
  std::uint64_t realtime_ns() const override { return realtime; }
  std::uint64_t monotonic_ns() const override { return monotonic; }
  std::uint64_t thread_cpu_ns() const override { return cpu; }
};

// Each look at it takes a step.
struct SlowClock final : Clock {
  mutable std::uint64_t now = 1'000'000'000'000;
  std::uint64_t step = 20'000'000;
  std::uint64_t realtime_ns() const override { return now; }
  std::uint64_t monotonic_ns() const override { return now += step; }
  std::uint64_t thread_cpu_ns() const override { return 0; }
};

}  // namespace hostmeter::test
