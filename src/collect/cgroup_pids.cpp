// Tasks of containers.
#include "hostmeter/flow/facts/cgroup_pids.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { threads, threads_max, refused, populated, frozen, own };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "container_threads", "Threads in it, those of all below included."},
    {Kind::gauge, Unit::none, "container_threads_max",
     "The most threads it may have; 0 is no limit, absent when none is allowed."},
    {Kind::counter, Unit::none, "container_pids_events_max_total",
     "Times it was refused a new thread because it, or one above it, had its most."},
    {Kind::gauge, Unit::none, "container_populated",
     "1: there is a process in it or below it, 0: it is empty."},
    {Kind::gauge, Unit::none, "container_frozen",
     "1: all its processes are held still; cgroup v2 only."},
    {Kind::gauge, Unit::none, "container_own_threads",
     "Threads in it, without those of the cgroups below; only where cgroups are walked."},
};

constexpr FieldSeries kSeries[] = {
    summable(series(CgroupPids::current, kMetrics[threads])),
    series(CgroupPids::max, kMetrics[threads_max]),
    series(CgroupPids::events_max, kMetrics[refused]),
    series(CgroupPids::populated, kMetrics[populated]),
    series(CgroupPids::frozen, kMetrics[frozen]),
    summable(series(CgroupPids::own, kMetrics[own])),
};
constexpr GroupSeries kGroups[] = {group_series<CgroupPids>(kSeries)};

}  // namespace

extern const CollectorSpec cgroup_pids{
    .name = "cgroup_pids", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
