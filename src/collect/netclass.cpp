// Interfaces of the host: what they are.
#include "hostmeter/flow/facts/netclass.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr std::string_view kInfoLabels =
    "address,adminstate,broadcast,device,duplex,ifalias,operstate";

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "node_network_address_assign_type",
     "How the interface got its hardware address, as the kernel numbers it.", "device"},
    {Kind::gauge, Unit::none, "node_network_carrier", "1 if the link has a carrier.", "device"},
    {Kind::counter, Unit::none, "node_network_carrier_changes_total",
     "How often the carrier came or went.", "device"},
    {Kind::counter, Unit::none, "node_network_carrier_up_changes_total",
     "How often the carrier came.", "device"},
    {Kind::counter, Unit::none, "node_network_carrier_down_changes_total",
     "How often the carrier went.", "device"},
    {Kind::gauge, Unit::none, "node_network_device_id",
     "Number that tells apart interfaces sharing one device.", "device"},
    {Kind::gauge, Unit::none, "node_network_dormant",
     "1 if the interface waits for something like authentication.", "device"},
    {Kind::gauge, Unit::none, "node_network_flags",
     "Flags of the interface, as the kernel numbers them.", "device"},
    {Kind::gauge, Unit::none, "node_network_iface_id", "Index of the interface.", "device"},
    {Kind::gauge, Unit::none, "node_network_iface_link", "Index of the interface it is linked to.",
     "device"},
    {Kind::gauge, Unit::none, "node_network_iface_link_mode",
     "Link mode of the interface, as the kernel numbers it.", "device"},
    {Kind::gauge, Unit::bytes, "node_network_mtu_bytes", "Largest packet the interface carries.",
     "device"},
    {Kind::gauge, Unit::none, "node_network_name_assign_type",
     "How the interface got its name, as the kernel numbers it.", "device"},
    {Kind::gauge, Unit::none, "node_network_net_dev_group", "Group of the interface.", "device"},
    {Kind::gauge, Unit::none, "node_network_protocol_type",
     "Hardware type of the interface, as the kernel numbers it.", "device"},
    {Kind::gauge, Unit::bytes, "node_network_speed_bytes", "Speed of the link in bytes per second.",
     "device"},
    {Kind::gauge, Unit::none, "node_network_transmit_queue_length",
     "Packets that the transmit queue holds.", "device"},
    {Kind::gauge, Unit::none, "node_network_up", "1 if the operational state is up.", "device"},
    {Kind::gauge, Unit::info, "node_network_info", "What an interface is, always 1.", kInfoLabels},
};

// The metrics are in the order of the fields.
constexpr FieldSeries kSeries[] = {
    series(Netclass::address_assign_type, kMetrics[0]),
    series(Netclass::carrier, kMetrics[1]),
    series(Netclass::carrier_changes, kMetrics[2]),
    series(Netclass::carrier_up_changes, kMetrics[3]),
    series(Netclass::carrier_down_changes, kMetrics[4]),
    series(Netclass::device_id, kMetrics[5]),
    series(Netclass::dormant, kMetrics[6]),
    series(Netclass::flags, kMetrics[7]),
    series(Netclass::iface_id, kMetrics[8]),
    series(Netclass::iface_link, kMetrics[9]),
    series(Netclass::iface_link_mode, kMetrics[10]),
    series(Netclass::mtu_bytes, kMetrics[11]),
    series(Netclass::name_assign_type, kMetrics[12]),
    series(Netclass::net_dev_group, kMetrics[13]),
    series(Netclass::protocol_type, kMetrics[14]),
    series(Netclass::speed_bytes, kMetrics[15]),
    series(Netclass::transmit_queue_length, kMetrics[16]),
    series(Netclass::up, kMetrics[17]),
};
constexpr FieldSeries kInfo[] = {series(NetworkInfo::info, kMetrics[18])};
constexpr GroupSeries kGroups[] = {group_series<Netclass>(kSeries, "device"),
                                   group_series<NetworkInfo>(kInfo, kInfoLabels)};

}  // namespace

extern const CollectorSpec netclass{
    .name = "netclass", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
