#include "base/clock.hpp"

#include <doctest/doctest.h>

TEST_CASE("the clocks run, in ns") {
  const hostmeter::base::SystemClock clock;
  CHECK(clock.realtime_ns() > 1'600'000'000'000'000'000U);
  const auto before = clock.monotonic_ns();
  CHECK(clock.monotonic_ns() >= before);
  CHECK(clock.thread_cpu_ns() > 0);
}
