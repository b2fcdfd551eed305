#include "hostmeter/flow/facts/bpf_map.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("a map shows its fill level beside its losses") {
  const CollectorSpec& spec = test::collector("bpf_map");
  const auto metric = [&](BpfMap field) {
    return test::metric_of(spec, Group::bpf_map, unsigned(field));
  };
  CHECK(metric(BpfMap::entries) == "hostmeter_bpf_map_entries");
  CHECK(metric(BpfMap::max_entries) == "hostmeter_bpf_map_max_entries");
  CHECK(metric(BpfMap::dropped) == "hostmeter_bpf_dropped_total");
  CHECK(metric(BpfMap::recursion_misses) == "hostmeter_bpf_recursion_misses_total");
  CHECK(spec.groups[0].instance_labels == "map");
}
