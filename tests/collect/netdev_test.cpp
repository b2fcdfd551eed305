#include "hostmeter/flow/facts/netdev.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("the columns of net/dev keep node_exporter's names") {
  const CollectorSpec& spec = test::collector("netdev");
  const auto name = [&](Netdev field) {
    return test::metric_of(spec, Group::netdev, unsigned(field));
  };
  CHECK(name(Netdev::receive_bytes) == "node_network_receive_bytes_total");
  CHECK(name(Netdev::receive_errors) == "node_network_receive_errs_total");
  CHECK(name(Netdev::receive_dropped) == "node_network_receive_drop_total");
  CHECK(name(Netdev::receive_nohandler) == "node_network_receive_nohandler_total");
  CHECK(name(Netdev::transmit_collisions) == "node_network_transmit_colls_total");
  CHECK(name(Netdev::transmit_carrier) == "node_network_transmit_carrier_total");
}

TEST_CASE("every field of a network device is shown, by device") {
  const CollectorSpec& spec = test::collector("netdev");
  CHECK(spec.metrics.size() == std::size_t(Netdev::count));
  CHECK(spec.groups[0].series.size() == std::size_t(Netdev::count));
  CHECK(spec.groups[0].instance_labels == "device");
}
