#include "hostmeter/flow/facts/cgroup_run_queue.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("all waits and long waits are two metrics, never one") {
  const CollectorSpec& spec = test::collector("cgroup_run_queue");
  CHECK(spec.scope == Scope::container);
  const auto metric = [&](Group group) { return test::metric_of(spec, group, 0); };
  CHECK(metric(Group::cgroup_run_queue) == "container_cpu_run_queue_wait_seconds");
  CHECK(metric(Group::cgroup_run_queue_long) == "container_cpu_run_queue_long_wait_seconds");
  CHECK(spec.metrics[0].bounds.front() == 1'000);
  // Below this bound the default threshold leaves a bucket that is not all there.
  CHECK(spec.metrics[1].bounds.front() == 128'000);
  for (const MetricDesc& each : spec.metrics) CHECK(each.bounds.back() == 4'194'304'000);
  for (const GroupSeries& group : spec.groups)
    CHECK(group.fields == group.series[0].metric->cells());
}
