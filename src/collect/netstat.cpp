// Counters of the host's network protocols.
#include "hostmeter/flow/facts/netstat.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

// Untyped, as node_exporter has them: the kernel does not say which of them are gauges.
consteval MetricDesc untyped(std::string_view name, std::string_view help) {
  return {Origin::node_exporter, Kind::untyped, Unit::none, Encoding::count, name, help};
}

constexpr MetricDesc kMetrics[] = {
    untyped("node_netstat_Ip_Forwarding", "1 if IPv4 packets are forwarded, else 2."),
    untyped("node_netstat_Icmp_InMsgs", "ICMP messages received."),
    untyped("node_netstat_Icmp_InErrors", "ICMP messages received with an error."),
    untyped("node_netstat_Icmp_OutMsgs", "ICMP messages sent."),
    untyped("node_netstat_Tcp_ActiveOpens", "TCP connections opened from here."),
    untyped("node_netstat_Tcp_PassiveOpens", "TCP connections opened from elsewhere."),
    untyped("node_netstat_Tcp_CurrEstab", "TCP connections established now."),
    untyped("node_netstat_Tcp_InSegs", "TCP segments received."),
    untyped("node_netstat_Tcp_OutSegs", "TCP segments sent, without those sent again."),
    untyped("node_netstat_Tcp_RetransSegs", "TCP segments sent again."),
    untyped("node_netstat_Tcp_InErrs", "TCP segments received with an error."),
    untyped("node_netstat_Tcp_OutRsts", "TCP segments sent with the reset flag."),
    untyped("node_netstat_Udp_InDatagrams", "UDP datagrams delivered."),
    untyped("node_netstat_Udp_NoPorts", "UDP datagrams to a port nobody listens on."),
    untyped("node_netstat_Udp_InErrors", "UDP datagrams that could not be delivered."),
    untyped("node_netstat_Udp_OutDatagrams", "UDP datagrams sent."),
    untyped("node_netstat_Udp_RcvbufErrors",
            "UDP datagrams dropped because the receive buffer was full."),
    untyped("node_netstat_Udp_SndbufErrors",
            "UDP datagrams dropped because the send buffer was full."),
    untyped("node_netstat_UdpLite_InErrors", "UDP-Lite datagrams that could not be delivered."),
    untyped("node_netstat_Ip6_InOctets", "Bytes received over IPv6."),
    untyped("node_netstat_Ip6_OutOctets", "Bytes sent over IPv6."),
    untyped("node_netstat_Icmp6_InMsgs", "ICMPv6 messages received."),
    untyped("node_netstat_Icmp6_InErrors", "ICMPv6 messages received with an error."),
    untyped("node_netstat_Icmp6_OutMsgs", "ICMPv6 messages sent."),
    untyped("node_netstat_Udp6_InDatagrams", "UDP IPv6 datagrams delivered."),
    untyped("node_netstat_Udp6_NoPorts", "UDP IPv6 datagrams to a port nobody listens on."),
    untyped("node_netstat_Udp6_InErrors", "UDP IPv6 datagrams that could not be delivered."),
    untyped("node_netstat_Udp6_OutDatagrams", "UDP IPv6 datagrams sent."),
    untyped("node_netstat_Udp6_RcvbufErrors",
            "UDP IPv6 datagrams dropped because the receive buffer was full."),
    untyped("node_netstat_Udp6_SndbufErrors",
            "UDP IPv6 datagrams dropped because the send buffer was full."),
    untyped("node_netstat_UdpLite6_InErrors",
            "UDP-Lite IPv6 datagrams that could not be delivered."),
    untyped("node_netstat_TcpExt_SyncookiesSent", "SYN cookies sent."),
    untyped("node_netstat_TcpExt_SyncookiesRecv", "SYN cookies received back and valid."),
    untyped("node_netstat_TcpExt_SyncookiesFailed", "SYN cookies received back and invalid."),
    untyped("node_netstat_TcpExt_ListenOverflows",
            "Connections dropped because the accept queue was full."),
    untyped("node_netstat_TcpExt_ListenDrops",
            "Connections that a listening socket dropped for any reason."),
    untyped("node_netstat_TcpExt_TCPTimeouts", "TCP retransmission timeouts."),
    untyped("node_netstat_TcpExt_TCPOFOQueue",
            "TCP segments queued because they came out of order."),
    untyped("node_netstat_TcpExt_TCPSynRetrans", "SYN and SYN/ACK segments sent again."),
    untyped("node_netstat_TcpExt_TCPRcvQDrop",
            "TCP segments dropped because the receive queue was full."),
    untyped("node_netstat_IpExt_InOctets", "Bytes received over IPv4."),
    untyped("node_netstat_IpExt_OutOctets", "Bytes sent over IPv4."),
};

constexpr auto kSeries = series_in_order<Netstat>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Netstat>(kSeries)};

}  // namespace

extern const CollectorSpec netstat{
    .name = "netstat", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
