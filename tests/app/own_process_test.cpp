#include "app/own_process.hpp"

#include <doctest/doctest.h>

#include "base/clock.hpp"

TEST_CASE("our own cost is known") {
  CHECK(hostmeter::app::own_cpu_ns() > 0);
  const auto resident = hostmeter::app::own_resident_bytes();
  REQUIRE(resident);
  CHECK(*resident > 100'000);
}

TEST_CASE("our start lies in the near past") {
  const hostmeter::base::SystemClock clock;
  const auto start = hostmeter::app::own_start_ns(clock.realtime_ns());
  REQUIRE(start);
  CHECK(*start <= clock.realtime_ns());
  CHECK(clock.realtime_ns() - *start < 600'000'000'000);
}
