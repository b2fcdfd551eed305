#include "hostmeter/flow/facts/containers.hpp"

#include <doctest/doctest.h>

#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("it is told how many containers are shown, how many are not, and how many there were") {
  const CollectorSpec& spec = test::collector("containers");
  CHECK(spec.scope == Scope::host);
  CHECK(test::metric_of(spec, own_group::kContainers, unsigned(Containers::shown)) ==
        "hostmeter_containers_shown");
  CHECK(test::metric_of(spec, own_group::kContainers, unsigned(Containers::summed)) ==
        "hostmeter_containers_overflow");
  CHECK(test::metric_of(spec, own_group::kContainers, unsigned(Containers::hidden)) ==
        "hostmeter_cgroups_hidden");
  CHECK(test::metric_of(spec, own_group::kContainersSeen, unsigned(ContainersSeen::seen)) ==
        "hostmeter_containers_seen_total");
}
