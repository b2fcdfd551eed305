#include "hostmeter/flow/facts/cgroup_pressure.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("some tasks wait, all tasks stall") {
  const CollectorSpec& spec = test::collector("cgroup_pressure");
  CHECK(spec.scope == Scope::container);
  CHECK(test::metric_of(spec, Group::cgroup_pressure, unsigned(CgroupPressure::cpu_some)) ==
        "container_pressure_cpu_waiting_seconds_total");
  CHECK(test::metric_of(spec, Group::cgroup_pressure, unsigned(CgroupPressure::io_full)) ==
        "container_pressure_io_stalled_seconds_total");
}
