#include "source/bpf/latency_counting.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::source::bpf;

TEST_CASE("growth is what came since, also where counts wrap around") {
  wire_latency seen{}, now{};
  seen.count[3] = ~0U;
  seen.sum_ns = 10;
  now.count[3] = 1;
  now.count[5] = 4;
  now.sum_ns = 30;
  const wire_latency growth = LatencyCounting::growth(now, seen);
  CHECK(growth.count[3] == 2);
  CHECK(growth.count[5] == 4);
  CHECK(growth.sum_ns == 20);
  CHECK(LatencyCounting::is_growth(growth));
  LatencyCounting::grow(seen, growth);
  CHECK(seen.count[3] == 1);
  CHECK_FALSE(LatencyCounting::is_growth(LatencyCounting::growth(now, seen)));
}

TEST_CASE("what shrinks, as when a row is another's now, never takes anything back") {
  wire_latency seen{}, now{};
  seen.count[0] = 100;
  seen.sum_ns = 1000;
  now.count[0] = 40;
  now.sum_ns = 400;
  const wire_latency growth = LatencyCounting::growth(now, seen);
  CHECK(growth.count[0] == 0);
  CHECK(growth.sum_ns == 0);
}

TEST_CASE("sums outgrow the kernel's counts, and low buckets fold into the lowest that is shown") {
  LatencySums sums;
  wire_latency growth{};
  for (std::size_t i = 0; i < WIRE_LATENCY_BUCKETS; ++i) growth.count[i] = 0xffffffff;
  growth.sum_ns = 7;
  LatencyCounting::add_to(sums, growth);
  LatencyCounting::add_to(sums, growth);
  CHECK(sums.sum_ns == 14);
  constexpr std::uint64_t kEach = 2ULL * 0xffffffff;
  CHECK(sums.total() == WIRE_LATENCY_BUCKETS * kEach);
  CHECK(sums.folded(0, WIRE_LATENCY_BUCKETS) == kEach);
  CHECK(sums.folded(0, 20) == 5 * kEach);
  CHECK(sums.folded(1, 20) == kEach);
  CHECK(sums.folded(19, 20) == kEach);
}
