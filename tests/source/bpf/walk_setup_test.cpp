#include "source/bpf/walk_setup.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>

#include "hostmeter/wire/walk.h"
#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source;
using namespace hostmeter::source::bpf;
using cgroup::Controller;

namespace {

const cgroup::Hierarchy& hierarchy_of(const test::CgroupHost& host, Controller controller) {
  return host.hierarchies.all()[*host.hierarchies.of(controller)];
}

}  // namespace

TEST_CASE("a v1 hierarchy is walked for the controllers that it was mounted with") {
  const test::CgroupHost host(test::kV1Mounts);
  const auto walked = [&](Controller one) { return walked_controllers(hierarchy_of(host, one)); };
  CHECK(walked(Controller::cpu) == WIRE_WALK_ON_CPU);
  CHECK(walked(Controller::cpuacct) == WIRE_WALK_ON_CPUACCT);
  CHECK(walked(Controller::memory) == WIRE_WALK_ON_MEMORY);
  CHECK(walked(Controller::pids) == WIRE_WALK_ON_PIDS);
  CHECK(walked(Controller::blkio) == 0);
}

TEST_CASE("the v2 tree is walked for the controllers that it has, which may be none") {
  const test::CgroupHost host(test::kV2Mounts);
  const cgroup::Hierarchy& tree = host.hierarchies.all().front();
  CHECK(walked_controllers(tree) == 0);
  host.write("cg/cgroup.controllers", "cpuset cpu io memory hugetlb pids\n");
  constexpr std::uint32_t kAll = WIRE_WALK_ON_CPU | WIRE_WALK_ON_MEMORY | WIRE_WALK_ON_PIDS;
  CHECK(walked_controllers(tree) == kAll);
  host.write("cg/cgroup.controllers", "cpuset memory\n");
  CHECK(walked_controllers(tree) == WIRE_WALK_ON_MEMORY);
  host.write("cg/cgroup.controllers", "\n");
  CHECK(walked_controllers(tree) == 0);
}

TEST_CASE("a program is told of the kernel what its BTF says, and of the host what it has") {
  const auto types = KernelTypes::load();
  if (!types) {
    std::puts("SKIPPED: this kernel has no BTF");
    return;
  }
  const test::CgroupHost v1(test::kV1Mounts), v2(test::kV2Mounts);
  const auto pids = make_walk_setup(*types, v1.made_up.host, hierarchy_of(v1, Controller::pids));
  CHECK(pids.v2 == 0);
  CHECK(pids.subsys == types->enumerator("cgroup_subsys_id", "pids_cgrp_id").value_or(-1));
  const long page = 1L << pids.page_shift;
  CHECK(page == ::sysconf(_SC_PAGESIZE));
  CHECK(pids.css_online != 0);
  CHECK(pids.css_dying != 0);
  CHECK(pids.css_online != pids.css_dying);
  CHECK(pids.has_pressure == 0);
  CHECK(pids.cpus == 0);  // nothing of it is on each CPU

  v2.write("proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
  const auto tree = make_walk_setup(*types, v2.made_up.host, v2.hierarchies.all().front());
  CHECK(tree.v2 == 1);
  CHECK(tree.subsys == -1);
  CHECK(tree.has_pressure == 1);
  // Without memory there no statistics are looked for, and none are taken for being at place 0.
  for (const auto place : tree.state) CHECK(place == -1);
  CHECK(tree.pgfault == -1);
  CHECK(tree.pgscan[0] == -1);
}
