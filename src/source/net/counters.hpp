// What the kernel counts for a network device.
#pragma once
#include <cstdint>
#include <optional>

#include "hostmeter/flow/facts/cgroup_network.hpp"
#include "hostmeter/flow/facts/netdev.hpp"

namespace hostmeter::source::net {

// The columns of /proc/net/dev, whichever way they were read.
struct Counters {
  std::uint64_t rx_bytes = 0, rx_packets = 0, rx_errors = 0, rx_dropped = 0, rx_fifo = 0,
                rx_frame = 0, rx_compressed = 0, rx_multicast = 0;
  std::uint64_t tx_bytes = 0, tx_packets = 0, tx_errors = 0, tx_dropped = 0, tx_fifo = 0,
                tx_collisions = 0, tx_carrier = 0, tx_compressed = 0;
  std::optional<std::uint64_t> rx_nohandler;  // not a column; since Linux 4.6 by netlink
  friend bool operator==(const Counters&, const Counters&) = default;
};

Facts<Netdev> netdev_facts(const Counters& counters);
Facts<CgroupNetwork> cgroup_network_facts(const Counters& counters);

}  // namespace hostmeter::source::net
