// config.json of an OCI bundle: who containerd and CRI-O say a container is, in its annotations.
#pragma once
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/description.hpp"

namespace hostmeter::source::runtime {

// id: the bundle's directory, which is the container's id. EBADMSG, EFBIG: as each_string().
//
// Of a pod's container: all but the pod's labels, which are not there; its name is its id, as the
// kubelet's own metrics have it. Of one that ctr made: no image, which only containerd's database
// knows, and as labels its annotations, where ctr writes those it was given. nerdctl writes a name.
Result<Description> describe_containerd(std::string_view config, std::string_view id);

// Nothing when it is a container of podman's, which keeps its bundles in the same place. Labels:
// those of the CRI, of a sandbox the pod's.
Result<std::optional<Description>> describe_crio(std::string_view config, std::string_view id);

// "/var/log/pods/NAMESPACE_POD_UID", the last component of it: none of the three can hold a '_'.
bool take_pod_directory(std::string_view component, Description&);

}  // namespace hostmeter::source::runtime
