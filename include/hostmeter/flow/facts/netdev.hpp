// Counters of one network device of the host, as the columns of /proc/net/dev. Instance label:
// device.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Netdev : std::uint8_t {
  receive_bytes,
  receive_packets,
  receive_errors,
  receive_dropped,  // with those the device had no room for
  receive_fifo,
  receive_frame,  // length, overrun, CRC and frame errors
  receive_compressed,
  receive_multicast,
  receive_nohandler,  // only netlink tells
  transmit_bytes,
  transmit_packets,
  transmit_errors,
  transmit_dropped,
  transmit_fifo,
  transmit_collisions,
  transmit_carrier,  // carrier, aborted, window and heartbeat errors
  transmit_compressed,
  count
};
constexpr Group group_of(Netdev) {
  return Group::netdev;
}

}  // namespace hostmeter
