#include "hostmeter/flow/facts/cgroup_info.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("when a cgroup was last there has the name that cAdvisor gave it") {
  const CollectorSpec& spec = test::collector("cgroup_info");
  CHECK(spec.scope == Scope::container);
  CHECK(test::metric_of(spec, Group::cgroup_info, unsigned(CgroupInfo::last_seen_ns)) ==
        "container_last_seen");
}
