#include "hostmeter/flow/facts/cgroup_spec.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("limits keep cAdvisor's names") {
  const CollectorSpec& spec = test::collector("cgroup_spec");
  CHECK(spec.scope == Scope::container);
  CHECK(test::metric_of(spec, Group::cgroup_spec, unsigned(CgroupSpec::cpu_period_ns)) ==
        "container_spec_cpu_period");
  CHECK(test::metric_of(spec, Group::cgroup_spec, unsigned(CgroupSpec::cpu_quota_ns)) ==
        "container_spec_cpu_quota");
  CHECK(test::metric_of(spec, Group::cgroup_spec, unsigned(CgroupSpec::memory_limit)) ==
        "container_spec_memory_limit_bytes");
}
