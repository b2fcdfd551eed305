#include "collect/container_identity.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/identities.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("what is told of a container beside its labels stands on metrics of their own") {
  const CollectorSpec& spec = test::collector("container_identity");
  CHECK(spec.scope == Scope::container);
  CHECK(spec.metrics.data() == collect::kContainerIdentity);
  const auto name = [](collect::IdentityMetric metric) {
    return collect::kContainerIdentity[std::size_t(metric)].name;
  };
  CHECK(name(collect::IdentityMetric::info) == "hostmeter_container_info");
  CHECK(name(collect::IdentityMetric::labels) == "hostmeter_container_labels");
  CHECK(test::metric_of(spec, Group::container_identity, unsigned(ContainerIdentity::stale)) ==
        "hostmeter_container_identity_stale");
}
