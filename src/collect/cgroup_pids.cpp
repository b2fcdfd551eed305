// Tasks of containers.
#include "hostmeter/flow/facts/cgroup_pids.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { threads, threads_max };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "container_threads", "Threads in it, those of all below included."},
    {Kind::gauge, Unit::none, "container_threads_max",
     "The most threads it may have; 0 is no limit, absent when none is allowed."},
};

constexpr FieldSeries kSeries[] = {
    series(CgroupPids::current, kMetrics[threads]),
    series(CgroupPids::max, kMetrics[threads_max]),
};
constexpr GroupSeries kGroups[] = {group_series<CgroupPids>(kSeries)};

}  // namespace

extern const CollectorSpec cgroup_pids{
    .name = "cgroup_pids", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
