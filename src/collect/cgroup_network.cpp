// The network of containers.
#include "hostmeter/flow/facts/cgroup_network.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum {
  rx_bytes,
  rx_packets,
  rx_dropped,
  rx_errors,
  tx_bytes,
  tx_packets,
  tx_dropped,
  tx_errors,
  network_mode
};
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::bytes, "container_network_receive_bytes_total",
     "Bytes received on an interface of the container's own network namespace.", "interface"},
    {Kind::counter, Unit::none, "container_network_receive_packets_total",
     "Packets received on an interface of the container's own network namespace.", "interface"},
    {Kind::counter, Unit::none, "container_network_receive_packets_dropped_total",
     "Packets received and thrown away.", "interface"},
    {Kind::counter, Unit::none, "container_network_receive_errors_total",
     "Packets that arrived damaged or could not be taken in.", "interface"},
    {Kind::counter, Unit::bytes, "container_network_transmit_bytes_total",
     "Bytes sent on an interface of the container's own network namespace.", "interface"},
    {Kind::counter, Unit::none, "container_network_transmit_packets_total",
     "Packets sent on an interface of the container's own network namespace.", "interface"},
    {Kind::counter, Unit::none, "container_network_transmit_packets_dropped_total",
     "Packets thrown away on their way out.", "interface"},
    {Kind::counter, Unit::none, "container_network_transmit_errors_total",
     "Packets that could not be sent because of an error.", "interface"},
    {Kind::gauge, Unit::none, "hostmeter_container_network_mode",
     "1 for whose network the container uses: its own, the host's, that of another container, "
     "which then has the figures, or one with nothing but a loopback.",
     "mode"},
};

constexpr FieldSeries kSeries[] = {
    series(CgroupNetwork::receive_bytes, kMetrics[rx_bytes]),
    series(CgroupNetwork::receive_packets, kMetrics[rx_packets]),
    series(CgroupNetwork::receive_dropped, kMetrics[rx_dropped]),
    series(CgroupNetwork::receive_errors, kMetrics[rx_errors]),
    series(CgroupNetwork::transmit_bytes, kMetrics[tx_bytes]),
    series(CgroupNetwork::transmit_packets, kMetrics[tx_packets]),
    series(CgroupNetwork::transmit_dropped, kMetrics[tx_dropped]),
    series(CgroupNetwork::transmit_errors, kMetrics[tx_errors]),
};
constexpr FieldSeries kModes[] = {
    series(CgroupNetworkMode::own, kMetrics[network_mode], "own"),
    series(CgroupNetworkMode::host, kMetrics[network_mode], "host"),
    series(CgroupNetworkMode::shared, kMetrics[network_mode], "shared"),
    series(CgroupNetworkMode::none, kMetrics[network_mode], "none"),
};
constexpr GroupSeries kGroups[] = {
    group_series<CgroupNetwork>(kSeries, "interface"),
    group_series<CgroupNetworkMode>(kModes),
};

}  // namespace

extern const CollectorSpec cgroup_network{
    .name = "cgroup_network", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
