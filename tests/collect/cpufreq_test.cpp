#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/cpu_info.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("frequencies keep node_exporter's names") {
  const CollectorSpec& spec = test::collector("cpufreq");
  const auto name = [&](CpuFrequency field) {
    return test::metric_of(spec, Group::cpu_frequency, unsigned(field));
  };
  CHECK(name(CpuFrequency::scaling) == "node_cpu_scaling_frequency_hertz");
  CHECK(name(CpuFrequency::scaling_min) == "node_cpu_scaling_frequency_min_hertz");
  CHECK(name(CpuFrequency::scaling_max) == "node_cpu_scaling_frequency_max_hertz");
  CHECK(name(CpuFrequency::online) == "node_cpu_online");
  CHECK(name(CpuFrequency::isolated) == "node_cpu_isolated");
}
