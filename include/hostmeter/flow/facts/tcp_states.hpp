// TCP sockets of the host's network namespace by state, IPv4 and IPv6 together.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// The states in the order of their numbers, from 1 on.
enum class TcpStates : std::uint8_t {
  established,
  syn_sent,
  syn_recv,
  fin_wait1,
  fin_wait2,
  time_wait,
  close,
  close_wait,
  last_ack,
  listen,
  closing,
  none,             // any other
  received_queued,  // bytes that nobody has read yet; not of listening sockets
  sent_queued,      // bytes that are not acknowledged yet
  count
};
constexpr Group group_of(TcpStates) {
  return Group::tcp_states;
}

}  // namespace hostmeter
