// Sockets of the host.
#include "hostmeter/flow/facts/sockstat.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

consteval MetricDesc gauge(std::string_view name, std::string_view help) {
  return {Origin::node_exporter, Kind::gauge, Unit::none, Encoding::count, name, help};
}
consteval MetricDesc bytes(std::string_view name, std::string_view help) {
  return {Origin::node_exporter, Kind::gauge, Unit::bytes, Encoding::count, name, help};
}

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "node_sockstat_sockets_used", "Sockets of all kinds."},
    gauge("node_sockstat_TCP_inuse", "TCP sockets over IPv4 in use."),
    gauge("node_sockstat_TCP_orphan", "TCP sockets that no process holds."),
    gauge("node_sockstat_TCP_tw", "TCP sockets in TIME_WAIT."),
    gauge("node_sockstat_TCP_alloc", "TCP sockets allocated, in any state."),
    gauge("node_sockstat_TCP_mem", "Pages that TCP buffers take."),
    bytes("node_sockstat_TCP_mem_bytes", "Memory that TCP buffers take."),
    gauge("node_sockstat_UDP_inuse", "UDP sockets over IPv4 in use."),
    gauge("node_sockstat_UDP_mem", "Pages that UDP buffers take."),
    bytes("node_sockstat_UDP_mem_bytes", "Memory that UDP buffers take."),
    gauge("node_sockstat_UDPLITE_inuse", "UDP-Lite sockets over IPv4 in use."),
    gauge("node_sockstat_RAW_inuse", "Raw sockets over IPv4 in use."),
    gauge("node_sockstat_FRAG_inuse", "IPv4 packets being put together from fragments."),
    gauge("node_sockstat_FRAG_memory", "Bytes that IPv4 fragments take."),
    gauge("node_sockstat_TCP6_inuse", "TCP sockets over IPv6 in use."),
    gauge("node_sockstat_UDP6_inuse", "UDP sockets over IPv6 in use."),
    gauge("node_sockstat_UDPLITE6_inuse", "UDP-Lite sockets over IPv6 in use."),
    gauge("node_sockstat_RAW6_inuse", "Raw sockets over IPv6 in use."),
    gauge("node_sockstat_FRAG6_inuse", "IPv6 packets being put together from fragments."),
    gauge("node_sockstat_FRAG6_memory", "Bytes that IPv6 fragments take."),
};

constexpr auto kSeries = series_in_order<Sockstat>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Sockstat>(kSeries)};

}  // namespace

extern const CollectorSpec sockstat{
    .name = "sockstat", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
