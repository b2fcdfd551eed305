#include "hostmeter/flow/facts/netclass.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("what interfaces are keeps node_exporter's names") {
  const CollectorSpec& spec = test::collector("netclass");
  const auto name = [&](Netclass field) {
    return test::metric_of(spec, Group::netclass, unsigned(field));
  };
  CHECK(name(Netclass::carrier_changes) == "node_network_carrier_changes_total");
  CHECK(name(Netclass::carrier_down_changes) == "node_network_carrier_down_changes_total");
  CHECK(name(Netclass::iface_link) == "node_network_iface_link");
  CHECK(name(Netclass::mtu_bytes) == "node_network_mtu_bytes");
  CHECK(name(Netclass::protocol_type) == "node_network_protocol_type");
  CHECK(name(Netclass::speed_bytes) == "node_network_speed_bytes");
  CHECK(name(Netclass::up) == "node_network_up");
  CHECK(test::metric_of(spec, Group::network_info, 0) == "node_network_info");
}
