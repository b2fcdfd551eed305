// How long the tasks of containers waited for a CPU.
#include "hostmeter/flow/facts/cgroup_run_queue.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { all, longer };
constexpr MetricDesc kMetrics[] = {
    {Unit::seconds, kRunQueueBounds, "container_cpu_run_queue_wait_seconds",
     "Time that tasks which could run waited for a CPU; only with [bpf] run_queue_threshold = "
     "\"0s\"."},
    {Unit::seconds, kRunQueueLongBounds, "container_cpu_run_queue_long_wait_seconds",
     "Time that tasks which could run waited for a CPU, of those waits alone that were at least as "
     "long as hostmeter_run_queue_threshold_seconds; how many shorter ones there were is not "
     "known."},
};
constexpr auto kAll =
    histogram_series<kMetrics[all].cells()>(CgroupRunQueue::sum_ns, kMetrics[all]);
constexpr auto kLong =
    histogram_series<kMetrics[longer].cells()>(CgroupRunQueueLong::sum_ns, kMetrics[longer]);
constexpr GroupSeries kGroups[] = {group_series<CgroupRunQueue>(kAll),
                                   group_series<CgroupRunQueueLong>(kLong)};

}  // namespace

extern const CollectorSpec cgroup_run_queue{
    .name = "cgroup_run_queue", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
