// The network of a container.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// One interface, as the container sees it. Instance label: interface. What changes at every tick
// comes first, so that it fills one Record.
enum class CgroupNetwork : std::uint8_t {
  receive_bytes,
  receive_packets,
  transmit_bytes,
  transmit_packets,
  receive_dropped,
  transmit_dropped,
  receive_errors,
  transmit_errors,
  count
};
constexpr Group group_of(CgroupNetwork) {
  return Group::cgroup_network;
}

// Whose network a container uses: exactly one is 1, or all are absent while it is not known.
enum class CgroupNetworkMode : std::uint8_t {
  own,     // its figures are its own
  host,    // the host's: it has no figures
  shared,  // another container's, where its figures are counted
  none,    // its own, with nothing but a loopback
  count
};
constexpr Group group_of(CgroupNetworkMode) {
  return Group::cgroup_network_mode;
}

}  // namespace hostmeter
