// Counters of the host's network protocols since boot, under the kernel's names.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Netstat : std::uint8_t {
  ip_forwarding,
  icmp_in_msgs,
  icmp_in_errors,
  icmp_out_msgs,
  tcp_active_opens,
  tcp_passive_opens,
  tcp_curr_estab,
  tcp_in_segs,
  tcp_out_segs,
  tcp_retrans_segs,
  tcp_in_errs,
  tcp_out_rsts,
  udp_in_datagrams,
  udp_no_ports,
  udp_in_errors,
  udp_out_datagrams,
  udp_rcvbuf_errors,
  udp_sndbuf_errors,
  udp_lite_in_errors,
  ip6_in_octets,
  ip6_out_octets,
  icmp6_in_msgs,
  icmp6_in_errors,
  icmp6_out_msgs,
  udp6_in_datagrams,
  udp6_no_ports,
  udp6_in_errors,
  udp6_out_datagrams,
  udp6_rcvbuf_errors,
  udp6_sndbuf_errors,
  udp_lite6_in_errors,
  tcp_ext_syncookies_sent,
  tcp_ext_syncookies_recv,
  tcp_ext_syncookies_failed,
  tcp_ext_listen_overflows,
  tcp_ext_listen_drops,
  tcp_ext_tcp_timeouts,
  tcp_ext_tcp_ofo_queue,
  tcp_ext_tcp_syn_retrans,
  tcp_ext_tcp_rcv_q_drop,
  ip_ext_in_octets,
  ip_ext_out_octets,
  count
};
constexpr Group group_of(Netstat) {
  return Group::netstat;
}

}  // namespace hostmeter
