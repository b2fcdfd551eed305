// Names of the log files that the kubelet makes: which container of which pod has which id.
#pragma once
#include <optional>
#include <string_view>

#include "hostmeter/flow/description.hpp"

namespace hostmeter::source::runtime {

// "NAMESPACE_POD_UID" of /var/log/pods: a pod whose sandbox is not known. Instead of its id, which
// no two may share, stands the pod's uid.
std::optional<Description> describe_pod(std::string_view directory);

// "POD_NAMESPACE_CONTAINER-ID.log" of /var/log/containers, and where that link leads to, which
// tells the pod's uid: ".../NAMESPACE_POD_UID/CONTAINER/0.log". No runtime: the file does not say
// whose.
std::optional<Description> describe_log(std::string_view link, std::string_view target);

}  // namespace hostmeter::source::runtime
