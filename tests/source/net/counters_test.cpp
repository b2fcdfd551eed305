#include "source/net/counters.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using namespace hostmeter::source::net;

TEST_CASE("counters of the host keep apart what was not told") {
  Counters counters;
  counters.rx_bytes = 1;
  counters.tx_carrier = 2;
  auto facts = netdev_facts(counters);
  CHECK(facts.get(Netdev::receive_bytes) == 1);
  CHECK(facts.get(Netdev::transmit_carrier) == 2);
  CHECK(facts.get(Netdev::receive_multicast) == 0);
  CHECK_FALSE(facts.get(Netdev::receive_nohandler));
  counters.rx_nohandler = 3;
  facts = netdev_facts(counters);
  CHECK(facts.get(Netdev::receive_nohandler) == 3);
}

TEST_CASE("counters of a container keep their direction") {
  Counters counters;
  counters.rx_bytes = 1;
  counters.rx_packets = 2;
  counters.rx_errors = 3;
  counters.rx_dropped = 4;
  counters.tx_bytes = 5;
  counters.tx_packets = 6;
  counters.tx_errors = 7;
  counters.tx_dropped = 8;
  const auto facts = cgroup_network_facts(counters);
  CHECK(facts.get(CgroupNetwork::receive_bytes) == 1);
  CHECK(facts.get(CgroupNetwork::receive_packets) == 2);
  CHECK(facts.get(CgroupNetwork::receive_errors) == 3);
  CHECK(facts.get(CgroupNetwork::receive_dropped) == 4);
  CHECK(facts.get(CgroupNetwork::transmit_bytes) == 5);
  CHECK(facts.get(CgroupNetwork::transmit_packets) == 6);
  CHECK(facts.get(CgroupNetwork::transmit_errors) == 7);
  CHECK(facts.get(CgroupNetwork::transmit_dropped) == 8);
}
