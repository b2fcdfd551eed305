// Processes of containers: started, ended, killed.
#include "hostmeter/flow/facts/cgroup_life.hpp"

#include "hostmeter/collect/collector.hpp"
#include "hostmeter/flow/facts/cgroup_oom.hpp"

namespace hostmeter::collect {
namespace {

enum { execs, exits, killed, killed_bytes };
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::none, "container_process_execs_total",
     "Programs that its processes, those of all below included, executed since the agent started."},
    {Kind::counter, Unit::none, "container_process_exits_total",
     "Processes of it and of all below that ended since the agent started."},
    {Kind::gauge, Unit::seconds, "container_last_oom_kill_timestamp_seconds",
     "Unix time at which one of its processes was last killed for want of memory; comm is what it "
     "ran.",
     "comm"},
    {Kind::gauge, Unit::bytes, "container_last_oom_kill_bytes",
     "Memory that the process last killed for want of memory had mapped.", "comm"},
};

constexpr FieldSeries kLife[] = {
    series(CgroupLife::execs, kMetrics[execs]),
    series(CgroupLife::exits, kMetrics[exits]),
};
constexpr FieldSeries kOom[] = {
    series(CgroupOom::killed_ns, kMetrics[killed]),
    series(CgroupOom::bytes, kMetrics[killed_bytes]),
};
constexpr GroupSeries kGroups[] = {group_series<CgroupLife>(kLife),
                                   group_series<CgroupOom>(kOom, "comm")};

}  // namespace

extern const CollectorSpec cgroup_life{
    .name = "cgroup_life", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
