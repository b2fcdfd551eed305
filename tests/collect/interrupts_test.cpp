#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("interrupts keeps node_exporter's names") {
  const CollectorSpec& spec = test::collector("interrupts");
  CHECK(test::metric_of(spec, Group::interrupts, 0) == "node_interrupts_total");
  CHECK(test::metric_of(spec, Group::softirq, 0) == "node_softirqs_functions_total");
}
