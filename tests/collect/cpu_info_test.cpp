#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("what processors are keeps node_exporter's name and labels") {
  const CollectorSpec& spec = test::collector("cpu_info");
  CHECK(test::metric_of(spec, Group::cpu_info, 0) == "node_cpu_info");
  CHECK(spec.groups[0].instance_labels ==
        "cachesize,core,cpu,family,microcode,model,model_name,package,stepping,vendor");
}
