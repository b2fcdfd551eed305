#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("processes keeps node_exporter's names") {
  const CollectorSpec& spec = test::collector("processes");
  CHECK(test::metric_of(spec, Group::processes, 0) == "node_processes_state{R}");
  CHECK(test::metric_of(spec, Group::processes, 11) == "node_processes_pids");
}
