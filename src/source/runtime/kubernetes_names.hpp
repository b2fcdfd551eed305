// Which container of which pod a container of Docker is, where a kubelet made it through dockershim
// or cri-dockerd.
#pragma once
#include <map>
#include <string>

#include "hostmeter/flow/description.hpp"

namespace hostmeter::source::runtime {

// From its labels; where there are none, from its name: k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT.
void take_kubernetes_names(const std::map<std::string, std::string, std::less<>>& labels,
                           Description&);

}  // namespace hostmeter::source::runtime
