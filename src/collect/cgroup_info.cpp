// That containers are there.
#include "hostmeter/flow/facts/cgroup_info.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr MetricDesc kMetrics[] = {
    {Origin::cadvisor, Kind::gauge, Unit::seconds, Encoding::nanoseconds, "container_last_seen",
     "Unix time at which it was last there."},
};

constexpr FieldSeries kSeries[] = {series_of_now(CgroupInfo::last_seen_ns, kMetrics[0])};
constexpr GroupSeries kGroups[] = {group_series<CgroupInfo>(kSeries)};

}  // namespace

extern const CollectorSpec cgroup_info{
    .name = "cgroup_info", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
