#include "hostmeter/flow/facts/cgroup_tree.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/identity.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("cgroups are counted by kind") {
  const CollectorSpec& spec = test::collector("cgroup_tree");
  CHECK(spec.scope == Scope::host);
  CHECK(test::metric_of(spec, Group::cgroup_tree, unsigned(CgroupTree::containers)) ==
        "hostmeter_cgroups{container}");
  CHECK(test::metric_of(spec, Group::cgroup_tree, unsigned(CgroupTree::ignored)) ==
        "hostmeter_cgroups_ignored");
  CHECK(test::metric_of(spec, Group::cgroup_tree, unsigned(CgroupTree::notified)) ==
        "hostmeter_cgroup_notified");
}

TEST_CASE("the kinds stand in the order in which the tree counts them") {
  const CollectorSpec& spec = test::collector("cgroup_tree");
  for (unsigned kind = 0; kind <= unsigned(CgroupKind::nested); ++kind)
    CHECK(test::metric_of(spec, Group::cgroup_tree, kind) ==
          "hostmeter_cgroups{" + std::string(to_string(CgroupKind(kind))) + "}");
}
