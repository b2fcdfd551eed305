// How cgroups of the host come and go.
#include "hostmeter/flow/facts/life.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { made, removed, oom_kills, dropped };
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::none, "hostmeter_cgroups_made_total",
     "Cgroups made since the agent started, of one hierarchy where there are several."},
    {Kind::counter, Unit::none, "hostmeter_cgroups_removed_total",
     "Cgroups removed since the agent started, of one hierarchy where there are several."},
    {Kind::counter, Unit::none, "hostmeter_oom_kills_total",
     "Processes killed for want of memory since the agent started, anywhere on the host."},
    {Kind::counter, Unit::none, "hostmeter_life_events_dropped_total",
     "Cgroups made or removed and OOM kills that the agent was not told of: no_room when its "
     "buffer "
     "was full, rationed when one cgroup had too many, malformed when they made no sense. They are "
     "counted all the same; of a removed one the figures of the last reading stay.",
     "event,reason"},
};

constexpr FieldSeries kSeries[] = {
    series(Life::made, kMetrics[made]),
    series(Life::removed, kMetrics[removed]),
    series(Life::oom_kills, kMetrics[oom_kills]),
    series(Life::made_no_room, kMetrics[dropped], "made,no_room"),
    series(Life::removed_no_room, kMetrics[dropped], "removed,no_room"),
    series(Life::oom_kills_no_room, kMetrics[dropped], "oom_kill,no_room"),
    series(Life::made_rationed, kMetrics[dropped], "made,rationed"),
    series(Life::removed_rationed, kMetrics[dropped], "removed,rationed"),
    series(Life::oom_kills_rationed, kMetrics[dropped], "oom_kill,rationed"),
    series(Life::malformed, kMetrics[dropped], "any,malformed"),
};
constexpr GroupSeries kGroups[] = {group_series<Life>(kSeries)};

}  // namespace

extern const CollectorSpec life{
    .name = "life", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
