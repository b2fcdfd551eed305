#include "hostmeter/flow/facts/cgroup_life.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/cgroup_oom.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("processes are counted by container, and its last victim is named without a number") {
  const CollectorSpec& spec = test::collector("cgroup_life");
  CHECK(spec.scope == Scope::container);
  CHECK(test::metric_of(spec, Group::cgroup_life, unsigned(CgroupLife::execs)) ==
        "container_process_execs_total");
  CHECK(test::metric_of(spec, Group::cgroup_life, unsigned(CgroupLife::exits)) ==
        "container_process_exits_total");
  CHECK(test::metric_of(spec, Group::cgroup_oom, unsigned(CgroupOom::bytes)) ==
        "container_last_oom_kill_bytes");
  CHECK(spec.groups[1].instance_labels == "comm");
}
