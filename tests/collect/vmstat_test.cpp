#include "hostmeter/flow/facts/vmstat.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("vmstat keeps node_exporter's names and has no type") {
  const CollectorSpec& spec = test::collector("vmstat");
  const auto shown = [&](Vmstat field) {
    return test::metric_of(spec, Group::vmstat, unsigned(field));
  };
  CHECK(shown(Vmstat::pgpgin) == "node_vmstat_pgpgin");
  CHECK(shown(Vmstat::pswpout) == "node_vmstat_pswpout");
  CHECK(shown(Vmstat::oom_kill) == "node_vmstat_oom_kill");
  for (const MetricDesc& metric : spec.metrics) CHECK(metric.kind == Kind::untyped);
}
