#include "app/own_process.hpp"

#include <doctest/doctest.h>

TEST_CASE("our own cost is known") {
  const auto own = hostmeter::app::own_process();
  CHECK(own.cpu_ns > 0);
  REQUIRE(own.resident_bytes);
  CHECK(*own.resident_bytes > 100'000);
}
