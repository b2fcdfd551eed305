#include "hostmeter/flow/facts/cgroup_pids.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("threads keep cAdvisor's names") {
  const CollectorSpec& spec = test::collector("cgroup_pids");
  CHECK(spec.scope == Scope::container);
  CHECK(test::metric_of(spec, Group::cgroup_pids, unsigned(CgroupPids::current)) ==
        "container_threads");
  CHECK(test::metric_of(spec, Group::cgroup_pids, unsigned(CgroupPids::max)) ==
        "container_threads_max");
  CHECK(test::metric_of(spec, Group::cgroup_pids, unsigned(CgroupPids::events_max)) ==
        "container_pids_events_max_total");
  CHECK(test::metric_of(spec, Group::cgroup_pids, unsigned(CgroupPids::frozen)) ==
        "container_frozen");
}
