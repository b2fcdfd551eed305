// Metrics whose values are in their labels: the pump binds them as it learns who a container is.
#pragma once
#include "hostmeter/metric/desc.hpp"

namespace hostmeter::collect {

enum class IdentityMetric : std::uint8_t { info, labels, stale };

inline constexpr MetricDesc kContainerIdentity[] = {
    {Kind::gauge, Unit::info, "hostmeter_container_info",
     "What made the cgroup and for whom, as its path tells or else its runtime; always 1.",
     "runtime,container_id,pod_uid,qos_class,unit,kind,sandbox"},
    {Kind::gauge, Unit::none, "hostmeter_container_labels",
     "The container's own labels that runtime.labels lists, as its runtime tells them; always 1.",
     "container_label_*"},
    {Kind::gauge, Unit::none, "hostmeter_container_identity_stale",
     "1: its name, image and labels may have changed unheard, because its runtime cannot be asked "
     "or knows it no more; 0: they are what the runtime says now."},
};

}  // namespace hostmeter::collect
