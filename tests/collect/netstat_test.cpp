#include "hostmeter/flow/facts/netstat.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("protocol counters keep node_exporter's names and have no type") {
  const CollectorSpec& spec = test::collector("netstat");
  const auto shown = [&](Netstat field) {
    return test::metric_of(spec, Group::netstat, unsigned(field));
  };
  CHECK(shown(Netstat::ip_forwarding) == "node_netstat_Ip_Forwarding");
  CHECK(shown(Netstat::tcp_curr_estab) == "node_netstat_Tcp_CurrEstab");
  CHECK(shown(Netstat::udp_sndbuf_errors) == "node_netstat_Udp_SndbufErrors");
  CHECK(shown(Netstat::udp_lite_in_errors) == "node_netstat_UdpLite_InErrors");
  CHECK(shown(Netstat::ip6_in_octets) == "node_netstat_Ip6_InOctets");
  CHECK(shown(Netstat::icmp6_out_msgs) == "node_netstat_Icmp6_OutMsgs");
  CHECK(shown(Netstat::udp_lite6_in_errors) == "node_netstat_UdpLite6_InErrors");
  CHECK(shown(Netstat::tcp_ext_tcp_ofo_queue) == "node_netstat_TcpExt_TCPOFOQueue");
  CHECK(shown(Netstat::tcp_ext_tcp_syn_retrans) == "node_netstat_TcpExt_TCPSynRetrans");
  CHECK(shown(Netstat::ip_ext_out_octets) == "node_netstat_IpExt_OutOctets");
  for (const MetricDesc& metric : spec.metrics) CHECK(metric.kind == Kind::untyped);
}
