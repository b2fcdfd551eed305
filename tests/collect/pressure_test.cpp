#include "hostmeter/flow/facts/pressure.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("some is waiting and full is stalled, under node_exporter's names") {
  const CollectorSpec& spec = test::collector("pressure");
  const auto shown = [&](Pressure field) {
    return test::metric_of(spec, Group::pressure, unsigned(field));
  };
  CHECK(shown(Pressure::cpu_some) == "node_pressure_cpu_waiting_seconds_total");
  CHECK(shown(Pressure::io_some) == "node_pressure_io_waiting_seconds_total");
  CHECK(shown(Pressure::io_full) == "node_pressure_io_stalled_seconds_total");
  CHECK(shown(Pressure::memory_some) == "node_pressure_memory_waiting_seconds_total");
  CHECK(shown(Pressure::memory_full) == "node_pressure_memory_stalled_seconds_total");
  CHECK(shown(Pressure::irq_full) == "node_pressure_irq_stalled_seconds_total");
}
