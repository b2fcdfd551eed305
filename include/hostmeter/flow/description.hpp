// Who a container is, as its runtime says: names for what the kernel counts.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hostmeter/flow/identity.hpp"

namespace hostmeter {

// Strings are as the runtime writes them, cut to these bounds by whoever reads them.
struct Description {
  static constexpr std::size_t kMostLabels = 64, kLongestLabel = 1'024, kLongestName = 256;

  Runtime runtime = Runtime::none;
  // As in Identity: 64 hex digits, or what the runtime uses instead. Of a pod whose sandbox is not
  // known: the pod's uid.
  std::string container_id{};
  // Of a Kubernetes container k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT, as Docker and CRI-O call it;
  // containerd has no other name for it than its id.
  std::string name{};
  std::string image{};  // as the operator wrote it ("nginx:1.25"), else its id
  // Kubernetes. A sandbox holds a pod's namespaces: it has a pod, and no container's name.
  std::string pod_namespace{}, pod{}, pod_uid{}, pod_container{};
  bool is_sandbox = false;
  std::vector<std::pair<std::string, std::string>> labels{};  // sorted by name
  // Of its environment, what was asked for by name; sorted likewise, within labels' bounds.
  std::vector<std::pair<std::string, std::string>> environment{};
  friend bool operator==(const Description&, const Description&) = default;
};

}  // namespace hostmeter
