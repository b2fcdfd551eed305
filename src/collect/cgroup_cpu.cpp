// CPU time and throttling of containers.
#include "hostmeter/flow/facts/cgroup_cpu.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { usage, user, system, periods, throttled_periods, throttled, burst_periods, burst, each };
constexpr MetricDesc kMetrics[] = {
    {Kind::counter, Unit::seconds, "container_cpu_usage_seconds_total",
     "CPU time used, in user and kernel mode; cpu is always total.", "cpu"},
    {Kind::counter, Unit::seconds, "container_cpu_user_seconds_total",
     "CPU time used in user mode."},
    {Kind::counter, Unit::seconds, "container_cpu_system_seconds_total",
     "CPU time used in kernel mode."},
    {Kind::counter, Unit::none, "container_cpu_cfs_periods_total",
     "Periods of the CPU quota in which it wanted to run; only where there is a quota."},
    {Kind::counter, Unit::none, "container_cpu_cfs_throttled_periods_total",
     "Periods in which it used up its CPU quota and had to wait; only where there is a quota."},
    {Kind::counter, Unit::seconds, "container_cpu_cfs_throttled_seconds_total",
     "Time its CPUs waited for the next period of the quota; only where there is a quota."},
    {Kind::counter, Unit::none, "container_cpu_cfs_burst_periods_total",
     "Periods in which it used CPU time saved up from earlier ones."},
    {Kind::counter, Unit::seconds, "container_cpu_cfs_burst_seconds_total",
     "CPU time used beyond the quota, out of what was saved up."},
    {Kind::counter, Unit::seconds, "container_cpu_each_usage_seconds_total",
     "CPU time used on one CPU; cgroup v1 only, and only where a telegraf.conf asks for it.",
     "cpu"},
};

constexpr FieldSeries kSeries[] = {
    series(CgroupCpu::usage_ns, kMetrics[usage], "total"),
    series(CgroupCpu::user_ns, kMetrics[user]),
    series(CgroupCpu::system_ns, kMetrics[system]),
    series(CgroupCpu::periods, kMetrics[periods]),
    series(CgroupCpu::throttled_periods, kMetrics[throttled_periods]),
    series(CgroupCpu::throttled_ns, kMetrics[throttled]),
    series(CgroupCpu::burst_periods, kMetrics[burst_periods]),
    series(CgroupCpu::burst_ns, kMetrics[burst]),
};
constexpr FieldSeries kEach[] = {series(CgroupCpuEach::usage_ns, kMetrics[each])};
constexpr GroupSeries kGroups[] = {group_series<CgroupCpu>(kSeries),
                                   group_series<CgroupCpuEach>(kEach, "cpu")};

}  // namespace

extern const CollectorSpec cgroup_cpu{
    .name = "cgroup_cpu", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
