// Who containers are.
#include "collect/container_identity.hpp"

#include "hostmeter/collect/collector.hpp"
#include "hostmeter/flow/facts/identities.hpp"

namespace hostmeter::collect {
namespace {

constexpr FieldSeries kSeries[] = {
    series(ContainerIdentity::stale, kContainerIdentity[std::size_t(IdentityMetric::stale)])};
constexpr GroupSeries kGroups[] = {group_series<ContainerIdentity>(kSeries)};

}  // namespace

extern const CollectorSpec container_identity{.name = "container_identity",
                                              .scope = Scope::container,
                                              .metrics = kContainerIdentity,
                                              .groups = kGroups};

}  // namespace hostmeter::collect
