// Neighbours by interface.
#include "hostmeter/flow/facts/arp.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "node_arp_entries", "Neighbours in the ARP table.", "device"},
};

constexpr auto kSeries = series_in_order<Arp>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Arp>(kSeries, "device")};

}  // namespace

extern const CollectorSpec arp{
    .name = "arp", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
