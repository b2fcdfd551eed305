// How many containers there are and were, and how many of them are shown.
#include "hostmeter/flow/facts/containers.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { shown, overflow, overflowed, hidden, refused, seen };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "hostmeter_containers_shown",
     "Containers with series of their own, those that ended and linger included."},
    {Kind::gauge, Unit::none, "hostmeter_containers_overflow",
     "Live containers beyond limits.shown_containers or limits.series: those with id \"overflow\" "
     "are their sums."},
    {Kind::counter, Unit::none, "hostmeter_containers_overflowed_total",
     "Containers that ever were beyond the limits."},
    {Kind::gauge, Unit::none, "hostmeter_cgroups_hidden",
     "Cgroups other than containers that are not shown because limits.series left no room when "
     "they came."},
    {Kind::counter, Unit::none, "hostmeter_overflow_records_refused_total",
     "Figures of containers beyond the limits that are not in the sums: there was no room left to "
     "remember what they were."},
    {Kind::counter, Unit::none, "hostmeter_containers_seen_total",
     "Containers seen since the agent started, those found at its start included; one that is "
     "restarted is another.",
     "runtime"},
};

constexpr FieldSeries kContainers[] = {
    series(Containers::shown, kMetrics[shown]),
    series(Containers::summed, kMetrics[overflow]),
    series(Containers::ever_summed, kMetrics[overflowed]),
    series(Containers::hidden, kMetrics[hidden]),
    series(Containers::records_refused, kMetrics[refused]),
};
constexpr FieldSeries kSeen[] = {series(ContainersSeen::seen, kMetrics[seen])};
constexpr GroupSeries kGroups[] = {group_series<Containers>(kContainers),
                                   group_series<ContainersSeen>(kSeen, "runtime")};

}  // namespace

extern const CollectorSpec containers{
    .name = "containers", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
