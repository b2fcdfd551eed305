// What containers are allowed.
#include "hostmeter/flow/facts/cgroup_spec.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { period, quota, shares, memory_limit, swap_limit, reservation };
constexpr MetricDesc kMetrics[] = {
    {Origin::cadvisor, Kind::gauge, Unit::seconds, Encoding::microseconds,
     "container_spec_cpu_period", "Period of its CPU quota in microseconds."},
    {Origin::cadvisor, Kind::gauge, Unit::seconds, Encoding::microseconds,
     "container_spec_cpu_quota",
     "CPU time it may use in a period, in microseconds; absent where there is no quota."},
    {Kind::gauge, Unit::none, "container_spec_cpu_shares",
     "Its share of contended CPUs against its siblings: 1024 is the default; on cgroup v2 its "
     "weight on the same scale."},
    {Kind::gauge, Unit::bytes, "container_spec_memory_limit_bytes",
     "The most memory it may use; 0 is no limit, absent when none is allowed."},
    {Kind::gauge, Unit::bytes, "container_spec_memory_swap_limit_bytes",
     "The most swap (cgroup v1: memory and swap) it may use; 0 is no limit, absent when none is "
     "allowed."},
    {Kind::gauge, Unit::bytes, "container_spec_memory_reservation_limit_bytes",
     "Memory it is to keep when others need some; 0 is none, absent when it is all."},
};

constexpr FieldSeries kSeries[] = {
    series(CgroupSpec::cpu_period_ns, kMetrics[period]),
    series(CgroupSpec::cpu_quota_ns, kMetrics[quota]),
    series(CgroupSpec::cpu_shares, kMetrics[shares]),
    series(CgroupSpec::memory_limit, kMetrics[memory_limit]),
    series(CgroupSpec::swap_limit, kMetrics[swap_limit]),
    series(CgroupSpec::memory_reservation, kMetrics[reservation]),
};
constexpr GroupSeries kGroups[] = {group_series<CgroupSpec>(kSeries)};

}  // namespace

extern const CollectorSpec cgroup_spec{
    .name = "cgroup_spec", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
