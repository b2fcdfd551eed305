// How well we know who the containers are.
#include "hostmeter/flow/facts/identities.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum { descriptions, dropped, held, excluded, up };
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "hostmeter_container_descriptions",
     "Containers that runtimes have described, with a cgroup or without one."},
    {Kind::counter, Unit::none, "hostmeter_container_descriptions_dropped_total",
     "Descriptions of containers without a cgroup that there was no room for."},
    {Kind::gauge, Unit::none, "hostmeter_cgroups_held",
     "New cgroups that are not shown yet because their runtime may be about to name them."},
    {Kind::gauge, Unit::none, "hostmeter_containers_excluded",
     "Containers that the filters in [runtime] leave out."},
    {Kind::gauge, Unit::none, "hostmeter_runtime_up",
     "Whether a container runtime tells who its containers are: an engine answers, or the "
     "directory "
     "of a runtime that is not asked is there.",
     "runtime"},
};

constexpr FieldSeries kIdentities[] = {
    series(IdentitiesField::descriptions, kMetrics[descriptions]),
    series(IdentitiesField::dropped, kMetrics[dropped]),
    series(IdentitiesField::held, kMetrics[held]),
    series(IdentitiesField::excluded, kMetrics[excluded]),
};
constexpr FieldSeries kRuntime[] = {series(RuntimeField::up, kMetrics[up])};
constexpr GroupSeries kGroups[] = {group_series<IdentitiesField>(kIdentities),
                                   group_series<RuntimeField>(kRuntime, "runtime")};

}  // namespace

extern const CollectorSpec identities{
    .name = "identities", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
