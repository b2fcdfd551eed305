// A clock that stands still until told.
#pragma once
#include <atomic>

#include "hostmeter/base/clock.hpp"

namespace hostmeter::test {

struct FakeClock final : Clock {
  std::atomic<std::uint64_t> realtime{1'700'000'000'000'000'000}, monotonic{1'000'000'000'000},
      cpu{0};
  std::uint64_t realtime_ns() const override { return realtime; }
  std::uint64_t monotonic_ns() const override { return monotonic; }
  std::uint64_t thread_cpu_ns() const override { return cpu; }
};

}  // namespace hostmeter::test
