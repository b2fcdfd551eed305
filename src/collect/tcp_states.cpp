// TCP sockets of the host by state.
#include "hostmeter/flow/facts/tcp_states.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "node_tcp_connection_states",
     "TCP sockets by state, and the bytes in the queues of those that do not listen.", "state"},
};

constexpr FieldSeries kSeries[] = {
    series(TcpStates::established, kMetrics[0], "established"),
    series(TcpStates::syn_sent, kMetrics[0], "syn_sent"),
    series(TcpStates::syn_recv, kMetrics[0], "syn_recv"),
    series(TcpStates::fin_wait1, kMetrics[0], "fin_wait1"),
    series(TcpStates::fin_wait2, kMetrics[0], "fin_wait2"),
    series(TcpStates::time_wait, kMetrics[0], "time_wait"),
    series(TcpStates::close, kMetrics[0], "close"),
    series(TcpStates::close_wait, kMetrics[0], "close_wait"),
    series(TcpStates::last_ack, kMetrics[0], "last_ack"),
    series(TcpStates::listen, kMetrics[0], "listen"),
    series(TcpStates::closing, kMetrics[0], "closing"),
    series(TcpStates::none, kMetrics[0], "none"),
    series(TcpStates::received_queued, kMetrics[0], "rx_queued_bytes"),
    series(TcpStates::sent_queued, kMetrics[0], "tx_queued_bytes"),
};
constexpr GroupSeries kGroups[] = {group_series<TcpStates>(kSeries)};

}  // namespace

extern const CollectorSpec tcp_states{
    .name = "tcp_states", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
