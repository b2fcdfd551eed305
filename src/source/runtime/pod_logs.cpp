#include "source/runtime/pod_logs.hpp"

#include <algorithm>

#include "hostmeter/base/text.hpp"
#include "source/runtime/bounded.hpp"
#include "source/runtime/oci_config.hpp"

namespace hostmeter::source::runtime {
namespace {

constexpr std::size_t kIdLength = 64;

bool is_id(std::string_view text) {
  return text.size() == kIdLength && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// The last but two of the components of ".../NAMESPACE_POD_UID/CONTAINER/0.log".
std::string_view pod_directory(std::string_view target) {
  for (int up = 0; up < 2; ++up) {
    const auto slash = target.rfind('/');
    if (slash == std::string_view::npos) return {};
    target = target.substr(0, slash);
  }
  return target.substr(target.rfind('/') + 1);
}

}  // namespace

std::optional<Description> describe_pod(std::string_view directory) {
  Description made;
  made.is_sandbox = true;
  if (!take_pod_directory(directory, made)) return {};
  made.container_id = made.pod_uid;
  return made;
}

std::optional<Description> describe_log(std::string_view link, std::string_view target) {
  constexpr std::string_view kSuffix = ".log";
  if (!link.ends_with(kSuffix)) return {};
  link.remove_suffix(kSuffix.size());
  Text parts(link);
  const std::string_view pod = parts.until('_'), pod_namespace = parts.until('_');
  const std::string_view container_and_id = parts.rest();
  if (container_and_id.size() < kIdLength + 2) return {};
  const std::string_view id = container_and_id.substr(container_and_id.size() - kIdLength);
  std::string_view container = container_and_id;
  container.remove_suffix(kIdLength);
  if (!is_id(id) || !container.ends_with('-') || pod.empty() || pod_namespace.empty()) return {};
  container.remove_suffix(1);
  Description made;
  if (take_pod_directory(pod_directory(target), made) &&
      (made.pod != pod || made.pod_namespace != pod_namespace))
    made = {};  // it leads to another pod's log: what it says of the uid is not of this one
  made.container_id = id;
  made.name = id;
  made.pod = cut_name(pod);
  made.pod_namespace = cut_name(pod_namespace);
  made.pod_container = cut_name(container);
  return made;
}

}  // namespace hostmeter::source::runtime
