// A device's counters as facts.
#include "source/net/counters.hpp"

namespace hostmeter::source::net {

Facts<Netdev> netdev_facts(const Counters& counters) {
  Facts<Netdev> facts;
  facts.set(Netdev::receive_bytes, counters.rx_bytes);
  facts.set(Netdev::receive_packets, counters.rx_packets);
  facts.set(Netdev::receive_errors, counters.rx_errors);
  facts.set(Netdev::receive_dropped, counters.rx_dropped);
  facts.set(Netdev::receive_fifo, counters.rx_fifo);
  facts.set(Netdev::receive_frame, counters.rx_frame);
  facts.set(Netdev::receive_compressed, counters.rx_compressed);
  facts.set(Netdev::receive_multicast, counters.rx_multicast);
  facts.set(Netdev::receive_nohandler, counters.rx_nohandler);
  facts.set(Netdev::transmit_bytes, counters.tx_bytes);
  facts.set(Netdev::transmit_packets, counters.tx_packets);
  facts.set(Netdev::transmit_errors, counters.tx_errors);
  facts.set(Netdev::transmit_dropped, counters.tx_dropped);
  facts.set(Netdev::transmit_fifo, counters.tx_fifo);
  facts.set(Netdev::transmit_collisions, counters.tx_collisions);
  facts.set(Netdev::transmit_carrier, counters.tx_carrier);
  facts.set(Netdev::transmit_compressed, counters.tx_compressed);
  return facts;
}

Facts<CgroupNetwork> cgroup_network_facts(const Counters& counters) {
  Facts<CgroupNetwork> facts;
  facts.set(CgroupNetwork::receive_bytes, counters.rx_bytes);
  facts.set(CgroupNetwork::receive_packets, counters.rx_packets);
  facts.set(CgroupNetwork::transmit_bytes, counters.tx_bytes);
  facts.set(CgroupNetwork::transmit_packets, counters.tx_packets);
  facts.set(CgroupNetwork::receive_dropped, counters.rx_dropped);
  facts.set(CgroupNetwork::transmit_dropped, counters.tx_dropped);
  facts.set(CgroupNetwork::receive_errors, counters.rx_errors);
  facts.set(CgroupNetwork::transmit_errors, counters.tx_errors);
  return facts;
}

}  // namespace hostmeter::source::net
