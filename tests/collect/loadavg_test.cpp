#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("the three load averages keep node_exporter's names") {
  const CollectorSpec& spec = test::collector("loadavg");
  CHECK(test::metric_of(spec, Group::loadavg, 0) == "node_load1");
  CHECK(test::metric_of(spec, Group::loadavg, 2) == "node_load15");
}
