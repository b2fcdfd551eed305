#include "hostmeter/flow/facts/cgroup_memory.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("memory keeps cAdvisor's names") {
  const CollectorSpec& spec = test::collector("cgroup_memory");
  CHECK(spec.scope == Scope::container);
  CHECK(test::metric_of(spec, Group::cgroup_memory, unsigned(CgroupMemory::usage)) ==
        "container_memory_usage_bytes");
  CHECK(test::metric_of(spec, Group::cgroup_memory, unsigned(CgroupMemory::working_set)) ==
        "container_memory_working_set_bytes");
  CHECK(test::metric_of(spec, Group::cgroup_memory, unsigned(CgroupMemory::rss)) ==
        "container_memory_rss");
  CHECK(test::metric_of(spec, Group::cgroup_memory, unsigned(CgroupMemory::own_pgmajfault)) ==
        "container_memory_failures_total{pgmajfault,container}");
  CHECK(test::metric_of(spec, Group::cgroup_memory, unsigned(CgroupMemory::oom_kills)) ==
        "container_oom_events_total");
  CHECK(test::metric_of(spec, Group::cgroup_memory, unsigned(CgroupMemory::failcnt)) ==
        "container_memory_failcnt");
  CHECK(test::metric_of(spec, Group::cgroup_memory, unsigned(CgroupMemory::events_low)) ==
        "container_memory_events_low_total");
  CHECK(test::metric_of(spec, Group::cgroup_memory, unsigned(CgroupMemory::events_oom)) ==
        "container_memory_events_oom_total");
}
