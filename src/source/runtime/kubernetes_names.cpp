#include "source/runtime/kubernetes_names.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"
#include "source/runtime/bounded.hpp"

namespace hostmeter::source::runtime {
namespace {

// What the kubelet calls a sandbox's container.
constexpr std::string_view kSandbox = "POD";

// None of the parts can hold a '_'.
void take_name(std::string_view name, Description& into) {
  if (!name.starts_with("k8s_") || std::ranges::count(name, '_') != 5) return;
  Text parts(name);
  parts.until('_');
  const std::string_view container = parts.until('_');
  into.is_sandbox = container == kSandbox;
  if (!into.is_sandbox) into.pod_container = container;
  into.pod = parts.until('_');
  into.pod_namespace = parts.until('_');
  into.pod_uid = parts.until('_');
}

}  // namespace

void take_kubernetes_names(const std::map<std::string, std::string, std::less<>>& labels,
                           Description& into) {
  const auto label = [&labels](std::string_view key) {
    const auto found = labels.find(key);
    return found == labels.end() ? std::string() : cut_name(found->second);
  };
  into.pod = label("io.kubernetes.pod.name");
  if (into.pod.empty()) return take_name(into.name, into);
  into.pod_namespace = label("io.kubernetes.pod.namespace");
  into.pod_uid = label("io.kubernetes.pod.uid");
  const std::string container = label("io.kubernetes.container.name");
  into.is_sandbox = label("io.kubernetes.docker.type") == "podsandbox" || container == kSandbox;
  if (!into.is_sandbox) into.pod_container = container;
}

}  // namespace hostmeter::source::runtime
