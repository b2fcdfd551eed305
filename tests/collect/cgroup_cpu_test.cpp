#include "hostmeter/flow/facts/cgroup_cpu.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("CPU time keeps cAdvisor's names, and its one value of the label cpu") {
  const CollectorSpec& spec = test::collector("cgroup_cpu");
  CHECK(spec.scope == Scope::container);
  CHECK(test::metric_of(spec, Group::cgroup_cpu, unsigned(CgroupCpu::usage_ns)) ==
        "container_cpu_usage_seconds_total{total}");
  CHECK(test::metric_of(spec, Group::cgroup_cpu, unsigned(CgroupCpu::user_ns)) ==
        "container_cpu_user_seconds_total");
  CHECK(test::metric_of(spec, Group::cgroup_cpu, unsigned(CgroupCpu::throttled_ns)) ==
        "container_cpu_cfs_throttled_seconds_total");
  CHECK(spec.groups[0].series[0].metric->labels == "cpu");
}

TEST_CASE("what is of one CPU is not added up with the whole") {
  const CollectorSpec& spec = test::collector("cgroup_cpu");
  CHECK(test::metric_of(spec, Group::cgroup_cpu_each, unsigned(CgroupCpuEach::usage_ns)) ==
        "container_cpu_each_usage_seconds_total");
}
