#include "hostmeter/flow/facts/identities.hpp"

#include <doctest/doctest.h>

#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("how well containers are known is the host's") {
  const CollectorSpec& spec = test::collector("identities");
  CHECK(spec.scope == Scope::host);
  const auto of = [&](IdentitiesField field) {
    return test::metric_of(spec, Group::identities, unsigned(field));
  };
  CHECK(of(IdentitiesField::descriptions) == "hostmeter_container_descriptions");
  CHECK(of(IdentitiesField::dropped) == "hostmeter_container_descriptions_dropped_total");
  CHECK(of(IdentitiesField::held) == "hostmeter_cgroups_held");
  CHECK(of(IdentitiesField::excluded) == "hostmeter_containers_excluded");
  CHECK(test::metric_of(spec, Group::runtime, unsigned(RuntimeField::up)) ==
        "hostmeter_runtime_up");
}
