// What containers are, as their cgroups' paths tell.
#include "hostmeter/flow/facts/cgroup_info.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { info, last_seen };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::info, "hostmeter_container_info",
     "What made the cgroup and for whom, as its path tells; always 1.",
     "runtime,container_id,pod_uid,qos_class,unit,kind"},
    {Origin::cadvisor, Kind::gauge, Unit::seconds, Encoding::nanoseconds, "container_last_seen",
     "Unix time at which it was last there."},
};

constexpr FieldSeries kSeries[] = {
    series(CgroupInfo::info, kMetrics[info]),
    series_of_now(CgroupInfo::last_seen_ns, kMetrics[last_seen]),
};
constexpr GroupSeries kGroups[] = {
    group_series<CgroupInfo>(kSeries, "runtime,container_id,pod_uid,qos_class,unit,kind")};

}  // namespace

extern const CollectorSpec cgroup_info{
    .name = "cgroup_info", .scope = Scope::container, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
