#include "hostmeter/flow/facts/cgroup_info.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("what a cgroup is stands on a metric of its own") {
  const CollectorSpec& spec = test::collector("cgroup_info");
  CHECK(spec.scope == Scope::container);
  CHECK(test::metric_of(spec, Group::cgroup_info, unsigned(CgroupInfo::info)) ==
        "hostmeter_container_info");
  CHECK(test::metric_of(spec, Group::cgroup_info, unsigned(CgroupInfo::last_seen_ns)) ==
        "container_last_seen");
}
