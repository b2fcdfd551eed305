#include "hostmeter/flow/facts/arp.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("neighbours keep node_exporter's name, by device") {
  const CollectorSpec& spec = test::collector("arp");
  CHECK(test::metric_of(spec, Group::arp, unsigned(Arp::entries)) == "node_arp_entries");
  CHECK(spec.groups[0].instance_labels == "device");
}
