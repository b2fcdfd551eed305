#include "hostmeter/flow/facts/cgroup_blkio_latency.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("block latency is a histogram by device and operation, of powers of two") {
  const CollectorSpec& spec = test::collector("cgroup_blkio_latency");
  CHECK(spec.scope == Scope::container);
  const MetricDesc& metric = spec.metrics[0];
  CHECK(metric.name == "container_blkio_latency_seconds");
  CHECK(metric.kind == Kind::histogram);
  CHECK(metric.labels == "device,operation");
  CHECK(spec.groups[0].instance_labels == metric.labels);
  CHECK(metric.bounds.front() == 8'000);
  CHECK(metric.bounds[1] == 16'000);
  CHECK(metric.bounds.back() == 4'194'304'000);
  CHECK(spec.groups[0].fields == metric.cells());
  for (std::size_t i = 0; i < metric.cells(); ++i) CHECK(spec.groups[0].series[i].cell == i);
}
