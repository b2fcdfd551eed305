#include "source/runtime/oci_config.hpp"

#include <map>
#include <string>

#include "hostmeter/base/text.hpp"
#include "source/runtime/bounded.hpp"
#include "source/runtime/json_strings.hpp"

namespace hostmeter::source::runtime {
namespace {

using Strings = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kCri = "io.kubernetes.cri.", kCrio = "io.kubernetes.cri-o.";

// Of the values behind these keys, the first that is there.
std::string first_of(const Strings& strings, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const auto found = strings.find(key); found != strings.end() && !found->second.empty())
      return cut_name(found->second);
  return {};
}

Result<Strings> annotations_of(std::string_view config) {
  Strings annotations;
  const auto whole = each_string(config, [&](auto keys, std::string_view value) {
    if (keys.size() == 2 && keys[0] == "annotations") annotations[keys[1]] = value;
  });
  if (!whole) return whole.error();
  return annotations;
}

bool is_of_a_tool(std::string_view name) {
  for (const std::string_view prefix :
       {"io.kubernetes.", "io.containerd.", "nerdctl/", "org.systemd.property."})
    if (name.starts_with(prefix)) return true;
  return false;
}

std::string_view last_part(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

bool take_pod_directory(std::string_view component, Description& into) {
  Text parts(component);
  const std::string_view pod_namespace = parts.until('_'), pod = parts.until('_');
  const std::string_view uid = parts.rest();
  if (pod_namespace.empty() || pod.empty() || uid.empty() || uid.find('_') != uid.npos)
    return false;
  into.pod_namespace = cut_name(pod_namespace);
  into.pod = cut_name(pod);
  into.pod_uid = cut_name(uid);
  return true;
}

Result<Description> describe_containerd(std::string_view config, std::string_view id) {
  auto annotations = annotations_of(config);
  if (!annotations) return annotations.error();
  Description made;
  made.runtime = Runtime::containerd;
  made.container_id = id;
  made.name = first_of(*annotations, {"nerdctl/name"});
  if (made.name.empty()) made.name = cut_name(id);
  const auto of_cri = [&](const char* key) {
    return first_of(*annotations, {std::string(kCri) + key});
  };
  const std::string type = of_cri("container-type");
  if (type.empty()) {
    std::erase_if(*annotations, [](const auto& each) { return is_of_a_tool(each.first); });
    set_labels(made, *annotations);
    return made;
  }
  made.is_sandbox = type == "sandbox";
  // containerd before 1.5 names pods only in the directory of their logs.
  if (const auto logs = annotations->find("io.kubernetes.cri.sandbox-log-directory");
      logs != annotations->end())
    take_pod_directory(last_part(logs->second), made);
  const auto take = [&](std::string& into, const char* key) {
    if (std::string value = of_cri(key); !value.empty()) into = std::move(value);
  };
  take(made.pod, "sandbox-name");
  take(made.pod_namespace, "sandbox-namespace");
  take(made.pod_uid, "sandbox-uid");
  if (!made.is_sandbox) take(made.pod_container, "container-name");
  take(made.image, made.is_sandbox ? "podsandbox.image-name" : "image-name");
  return made;
}

Result<std::optional<Description>> describe_crio(std::string_view config, std::string_view id) {
  const auto annotations = annotations_of(config);
  if (!annotations) return annotations.error();
  const auto of_crio = [&](const char* key) {
    return first_of(*annotations, {std::string(kCrio) + key});
  };
  const std::string type = of_crio("ContainerType");
  if (type.empty()) return std::optional<Description>();
  Description made;
  made.runtime = Runtime::crio;
  made.container_id = id;
  made.is_sandbox = type == "sandbox";
  Strings labels;
  if (const auto text = annotations->find("io.kubernetes.cri-o.Labels"); text != annotations->end())
    (void)each_string(text->second, [&](auto keys, std::string_view value) {
      if (keys.size() == 1) labels[keys[0]] = value;
    });  // damaged labels cost themselves, not the name
  const auto known = [&](const std::string& key) {
    const std::string annotated = first_of(*annotations, {key});
    return annotated.empty() ? first_of(labels, {key}) : annotated;
  };
  made.name = of_crio("ContainerName");  // k8s_app_web_shop_UID_0
  if (made.name.empty()) made.name = cut_name(id);
  made.pod = known("io.kubernetes.pod.name");
  if (made.pod.empty()) made.pod = of_crio("KubeName");
  made.pod_namespace = known("io.kubernetes.pod.namespace");
  if (made.pod_namespace.empty()) made.pod_namespace = of_crio("Namespace");
  made.pod_uid = known("io.kubernetes.pod.uid");
  if (!made.is_sandbox) made.pod_container = known("io.kubernetes.container.name");
  // Of containers the image's name, or the id it had when there was none.
  made.image = first_of(*annotations, {"io.kubernetes.cri-o.ImageName", "io.kubernetes.cri-o.Image",
                                       "io.kubernetes.cri-o.ImageRef"});
  set_labels(made, labels);
  return std::optional<Description>(std::move(made));
}

}  // namespace hostmeter::source::runtime
