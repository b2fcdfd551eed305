#include "tool/record/runtimes.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "hostmeter/base/text.hpp"
#include "source/followed_files.hpp"
#include "source/runtime/json_strings.hpp"

namespace hostmeter::tool {
namespace {

using source::runtime::each_string, source::runtime::StateKind;
using Json = nlohmann::json;
using Keys = std::span<const std::string>;

constexpr std::string_view kLabelsOfCrio = "io.kubernetes.cri-o.Labels";
constexpr std::string_view kAnnotations[] = {
    "io.container.manager",
    "io.kubernetes.container.name",
    "io.kubernetes.cri-o.ContainerName",
    "io.kubernetes.cri-o.ContainerType",
    "io.kubernetes.cri-o.Image",
    "io.kubernetes.cri-o.ImageName",
    "io.kubernetes.cri-o.ImageRef",
    "io.kubernetes.cri-o.KubeName",
    "io.kubernetes.cri-o.Namespace",
    "io.kubernetes.cri.container-name",
    "io.kubernetes.cri.container-type",
    "io.kubernetes.cri.image-name",
    "io.kubernetes.cri.podsandbox.image-name",
    "io.kubernetes.cri.sandbox-id",
    "io.kubernetes.cri.sandbox-log-directory",
    "io.kubernetes.cri.sandbox-name",
    "io.kubernetes.cri.sandbox-namespace",
    "io.kubernetes.cri.sandbox-uid",
    "io.kubernetes.pod.name",
    "io.kubernetes.pod.namespace",
    "io.kubernetes.pod.uid",
    "nerdctl/name",
};
constexpr std::string_view kLabels[] = {"io.kubernetes.container.name", "io.kubernetes.docker.type",
                                        "io.kubernetes.pod.name", "io.kubernetes.pod.namespace",
                                        "io.kubernetes.pod.uid"};
constexpr std::string_view kOfMachines[] = {"NAME", "SCOPE", "SERVICE", "ROOT", "CLASS"};
constexpr std::string_view kOptionsOfLxc[] = {"-d", "--dist", "-r", "--release",
                                              "-a", "--arch", "-u", "--url"};
constexpr std::string_view kParametersOfLxc = "# Parameters passed to the template: ";
constexpr std::string_view kTemplateOfLxc = "# Template used to create this container: ";

template <class List>
bool is_one_of(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// Of a JSON text within a JSON text; what is damaged becomes empty.
std::string only(std::string_view text, std::span<const std::string_view> keys) {
  Json kept = Json::object();
  const auto whole = each_string(text, [&](Keys at, std::string_view value) {
    if (at.size() == 1 && is_one_of(keys, at[0])) kept[at[0]] = value;
  });
  return whole ? kept.dump() : std::string();
}

Result<std::string> reduced_bundle(std::string_view content) {
  Json annotations = Json::object();
  const auto whole = each_string(content, [&](Keys at, std::string_view value) {
    if (at.size() != 2 || at[0] != "annotations") return;
    if (at[1] == kLabelsOfCrio)
      annotations[at[1]] = only(value, kLabels);
    else if (is_one_of(kAnnotations, at[1]))
      annotations[at[1]] = value;
  });
  if (!whole) return whole.error();
  return Json{{"annotations", annotations}}.dump() + '\n';
}

Result<std::string> reduced_docker(std::string_view content) {
  Json kept = Json::object();
  const auto whole = each_string(content, [&](Keys at, std::string_view value) {
    if (at.size() == 1 && (at[0] == "ID" || at[0] == "Name" || at[0] == "Image"))
      kept[at[0]] = value;
    if (at.size() < 2 || at[0] != "Config") return;
    if (at.size() == 2 && at[1] == "Image") kept["Config"]["Image"] = value;
    if (at.size() == 3 && at[1] == "Labels" && is_one_of(kLabels, at[2]))
      kept["Config"]["Labels"][at[2]] = value;
  });
  if (!whole) return whole.error();
  return kept.dump() + '\n';
}

Result<std::string> reduced_podman(std::string_view content) {
  constexpr std::string_view kMetadata[] = {"image-name", "pod-id"};
  std::map<std::string, Json> all;
  const auto whole = each_string(content, [&](Keys at, std::string_view value) {
    if (at.size() < 2) return;
    Json& one = all[at[0]];
    if (at.size() == 2 && (at[1] == "id" || at[1] == "image")) one[at[1]] = value;
    if (at.size() == 2 && at[1] == "metadata") one["metadata"] = only(value, kMetadata);
    if (at.size() == 3 && at[1] == "names") one["names"].push_back(value);
  });
  if (!whole) return whole.error();
  Json kept = Json::array();
  for (auto& [index, one] : all)
    if (one.is_object()) kept.push_back(std::move(one));
  return kept.dump() + '\n';
}

std::string reduced_machine(std::string_view content) {
  std::string kept;
  for (Text lines(content); !lines.empty();) {
    const std::string_view line = lines.line().rest();
    if (is_one_of(kOfMachines, line.substr(0, line.find('=')))) kept.append(line) += '\n';
  }
  return kept;
}

// Whose name and word an address holds is no one's business.
std::string reduced_lxc(std::string_view content) {
  std::string kept;
  for (Text lines(content); !lines.empty();) {
    const std::string_view line = lines.line().rest();
    if (line.starts_with(kTemplateOfLxc)) kept.append(line) += '\n';
    if (!line.starts_with(kParametersOfLxc)) continue;
    kept += kParametersOfLxc;
    Text words(line.substr(kParametersOfLxc.size()));
    while (!words.empty()) {
      const std::string_view word = words.word(), name = word.substr(0, word.find('='));
      if (!is_one_of(kOptionsOfLxc, name)) continue;
      const std::string_view value =
          name.size() < word.size() ? word.substr(name.size() + 1) : words.word();
      if (value.find('@') != std::string_view::npos) continue;
      ((kept.append(name) += ' ').append(value)) += ' ';
    }
    kept += '\n';
  }
  return kept;
}

}  // namespace

Result<std::string> reduced(StateKind kind, std::string_view content) {
  switch (kind) {
    case StateKind::containerd_bundle:
    case StateKind::crio_bundle:
      return reduced_bundle(content);
    case StateKind::docker_config:
      return reduced_docker(content);
    case StateKind::podman_containers:
      return reduced_podman(content);
    case StateKind::machine:
      return reduced_machine(content);
    case StateKind::lxc_config:
      return reduced_lxc(content);
    case StateKind::pod_logs:
    case StateKind::container_log:
      break;
  }
  return Error{EINVAL, "kind of state"};
}

void record_runtimes(const Sources& from, std::span<const source::runtime::StateForm> forms,
                     Writer& to) {
  std::vector<std::string> patterns;
  for (const auto& form : forms) patterns.push_back(form.pattern);
  source::FollowedFiles files(from.root, patterns);
  for (const auto& event : files.changes()) {
    const StateKind kind = forms[event.pattern].kind;
    if (!source::runtime::is_of_interest(kind, event.path)) continue;
    if (source::runtime::is_link(kind)) {
      to.copy_link(from.root, event.path, event.path);
    } else if (!source::runtime::has_content(kind)) {
      to.directory(event.path);
    } else {
      const auto content = to.content_of(from.root, event.path);
      const auto kept = content ? reduced(kind, *content) : content.error();
      if (kept)
        to.file(event.path, *kept);
      else
        to.unreadable(event.path, kept.error());
    }
  }
}

}  // namespace hostmeter::tool
