// Network devices of the host.
#include "hostmeter/flow/facts/netdev.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum {
  rx_bytes,
  rx_packets,
  rx_errs,
  rx_drop,
  rx_fifo,
  rx_frame,
  rx_compressed,
  rx_multicast,
  rx_nohandler,
  tx_bytes,
  tx_packets,
  tx_errs,
  tx_drop,
  tx_fifo,
  tx_colls,
  tx_carrier,
  tx_compressed
};
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::bytes, "node_network_receive_bytes_total", "Bytes received.", "device"},
    {Kind::counter, Unit::none, "node_network_receive_packets_total", "Packets received.",
     "device"},
    {Kind::counter, Unit::none, "node_network_receive_errs_total",
     "Packets that arrived damaged or could not be taken in.", "device"},
    {Kind::counter, Unit::none, "node_network_receive_drop_total",
     "Packets received and thrown away, for want of room or of someone who wanted them.", "device"},
    {Kind::counter, Unit::none, "node_network_receive_fifo_total",
     "Packets lost because the device's receive queue overran.", "device"},
    {Kind::counter, Unit::none, "node_network_receive_frame_total",
     "Packets with a wrong length, checksum or alignment, or that overran a buffer.", "device"},
    {Kind::counter, Unit::none, "node_network_receive_compressed_total",
     "Compressed packets received.", "device"},
    {Kind::counter, Unit::none, "node_network_receive_multicast_total",
     "Multicast packets received.", "device"},
    {Kind::counter, Unit::none, "node_network_receive_nohandler_total",
     "Packets received that no protocol handler took; from netlink only.", "device"},
    {Kind::counter, Unit::bytes, "node_network_transmit_bytes_total", "Bytes sent.", "device"},
    {Kind::counter, Unit::none, "node_network_transmit_packets_total", "Packets sent.", "device"},
    {Kind::counter, Unit::none, "node_network_transmit_errs_total",
     "Packets that could not be sent because of an error.", "device"},
    {Kind::counter, Unit::none, "node_network_transmit_drop_total",
     "Packets thrown away on their way out.", "device"},
    {Kind::counter, Unit::none, "node_network_transmit_fifo_total",
     "Packets lost because the device's transmit queue ran empty or over.", "device"},
    {Kind::counter, Unit::none, "node_network_transmit_colls_total", "Collisions while sending.",
     "device"},
    {Kind::counter, Unit::none, "node_network_transmit_carrier_total",
     "Packets not sent for loss of carrier, an abort, a late collision or a missing heartbeat.",
     "device"},
    {Kind::counter, Unit::none, "node_network_transmit_compressed_total",
     "Compressed packets sent.", "device"},
};

constexpr FieldSeries kSeries[] = {
    series(Netdev::receive_bytes, kMetrics[rx_bytes]),
    series(Netdev::receive_packets, kMetrics[rx_packets]),
    series(Netdev::receive_errors, kMetrics[rx_errs]),
    series(Netdev::receive_dropped, kMetrics[rx_drop]),
    series(Netdev::receive_fifo, kMetrics[rx_fifo]),
    series(Netdev::receive_frame, kMetrics[rx_frame]),
    series(Netdev::receive_compressed, kMetrics[rx_compressed]),
    series(Netdev::receive_multicast, kMetrics[rx_multicast]),
    series(Netdev::receive_nohandler, kMetrics[rx_nohandler]),
    series(Netdev::transmit_bytes, kMetrics[tx_bytes]),
    series(Netdev::transmit_packets, kMetrics[tx_packets]),
    series(Netdev::transmit_errors, kMetrics[tx_errs]),
    series(Netdev::transmit_dropped, kMetrics[tx_drop]),
    series(Netdev::transmit_fifo, kMetrics[tx_fifo]),
    series(Netdev::transmit_collisions, kMetrics[tx_colls]),
    series(Netdev::transmit_carrier, kMetrics[tx_carrier]),
    series(Netdev::transmit_compressed, kMetrics[tx_compressed]),
};
constexpr GroupSeries kGroups[] = {group_series<Netdev>(kSeries, "device")};

}  // namespace

extern const CollectorSpec netdev{
    .name = "netdev", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
