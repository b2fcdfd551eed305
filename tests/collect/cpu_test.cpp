#include "hostmeter/flow/facts/cpu.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("CPU modes keep node_exporter's names, guests apart") {
  const CollectorSpec& spec = test::collector("cpu");
  const auto shown = [&](Cpu field) { return test::metric_of(spec, Group::cpu, unsigned(field)); };
  CHECK(shown(Cpu::user) == "node_cpu_seconds_total{user}");
  CHECK(shown(Cpu::steal) == "node_cpu_seconds_total{steal}");
  CHECK(shown(Cpu::guest) == "node_cpu_guest_seconds_total{user}");
  CHECK(shown(Cpu::guest_nice) == "node_cpu_guest_seconds_total{nice}");
  CHECK(spec.groups[0].instance_labels == "cpu");
}
