#include "hostmeter/flow/facts/stat.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("counters of the host keep node_exporter's names") {
  const CollectorSpec& spec = test::collector("stat");
  const auto shown = [&](Stat field) {
    return test::metric_of(spec, Group::stat, unsigned(field));
  };
  CHECK(shown(Stat::interrupts) == "node_intr_total");
  CHECK(shown(Stat::context_switches) == "node_context_switches_total");
  CHECK(shown(Stat::boot_time_ns) == "node_boot_time_seconds");
  CHECK(shown(Stat::forks) == "node_forks_total");
  CHECK(shown(Stat::procs_running) == "node_procs_running");
  CHECK(shown(Stat::procs_blocked) == "node_procs_blocked");
}
