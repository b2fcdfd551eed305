#include "hostmeter/flow/facts/agent.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/tick.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("our own health is under hostmeter_ and process_") {
  const CollectorSpec& spec = test::collector("agent");
  CHECK(test::metric_of(spec, Group::agent, unsigned(Agent::ticks_skipped)) ==
        "hostmeter_ticks_total{skipped}");
  CHECK(test::metric_of(spec, Group::reader, unsigned(ReaderField::mode_bpf)) ==
        "hostmeter_reader_mode{bpf}");
  for (const MetricDesc& metric : spec.metrics)
    CHECK((metric.name.starts_with("hostmeter_") || metric.name.starts_with("process_")));
}
