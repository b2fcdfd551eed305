// Connection tracking of the host.
#include "hostmeter/flow/facts/conntrack.hpp"

#include "hostmeter/collect/series_in_order.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "node_nf_conntrack_entries", "Connections tracked."},
    {Kind::gauge, Unit::none, "node_nf_conntrack_entries_limit",
     "Most connections that can be tracked."},
    {Kind::gauge, Unit::none, "node_nf_conntrack_stat_found", "Lookups that found a connection."},
    {Kind::gauge, Unit::none, "node_nf_conntrack_stat_invalid", "Packets that cannot be tracked."},
    {Kind::gauge, Unit::none, "node_nf_conntrack_stat_ignore",
     "Packets that were already tracked or need not be."},
    {Kind::gauge, Unit::none, "node_nf_conntrack_stat_insert",
     "Connections entered into the table."},
    {Kind::gauge, Unit::none, "node_nf_conntrack_stat_insert_failed",
     "Connections that could not be entered."},
    {Kind::gauge, Unit::none, "node_nf_conntrack_stat_drop",
     "Packets dropped because tracking failed."},
    {Kind::gauge, Unit::none, "node_nf_conntrack_stat_early_drop",
     "Connections dropped to make room in a full table."},
    {Kind::gauge, Unit::none, "node_nf_conntrack_stat_search_restart",
     "Lookups begun again because the table was resized."},
};

constexpr auto kSeries = series_in_order<Conntrack>(kMetrics);
constexpr GroupSeries kGroups[] = {group_series<Conntrack>(kSeries)};

}  // namespace

extern const CollectorSpec conntrack{
    .name = "conntrack", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
