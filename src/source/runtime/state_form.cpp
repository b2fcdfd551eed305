#include "source/runtime/state_form.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "source/runtime/engine_files.hpp"
#include "source/runtime/lxc_config.hpp"
#include "source/runtime/machine_state.hpp"
#include "source/runtime/oci_config.hpp"
#include "source/runtime/pod_logs.hpp"

namespace hostmeter::source::runtime {
namespace {

// The n-th component from the end; the last is 0.
std::string_view component(std::string_view path, int from_end) {
  for (; from_end > 0; --from_end) {
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos) return {};
    path = path.substr(0, slash);
  }
  return path.substr(path.rfind('/') + 1);
}

bool is_hex_id(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string below(std::string_view dir, std::string_view pattern) {
  return std::string(dir) + '/' + std::string(pattern);
}

std::vector<Description> all_of(std::optional<Description> one) {
  std::vector<Description> all;
  if (one) all.push_back(std::move(*one));
  return all;
}

template <class Value>
Result<std::vector<Description>> all_of(Result<Value> result) {
  if (!result) return result.error();
  return all_of(std::optional<Description>(std::move(*result)));
}

}  // namespace

std::vector<StateForm> containerd_forms(std::string_view state) {
  return {{Runtime::containerd, StateKind::containerd_bundle,
           below(state, "io.containerd.runtime.v2.task/*/*/config.json")},
          {Runtime::containerd, StateKind::containerd_bundle,
           below(state, "io.containerd.runtime.v1.linux/*/*/config.json")}};
}
std::vector<StateForm> crio_forms(std::string_view storage) {
  return {{Runtime::crio, StateKind::crio_bundle,
           below(storage, "overlay-containers/*/userdata/config.json")}};
}
std::vector<StateForm> kubelet_forms(std::string_view logs) {
  return {{Runtime::none, StateKind::container_log, below(logs, "containers/*.log")},
          {Runtime::none, StateKind::pod_logs, below(logs, "pods/*")}};
}
std::vector<StateForm> nspawn_forms(std::string_view machines) {
  return {{Runtime::nspawn, StateKind::machine, below(machines, "*")}};
}
std::vector<StateForm> lxc_forms(std::string_view containers) {
  return {{Runtime::lxc, StateKind::lxc_config, below(containers, "*/config")}};
}
// Up or down is the engine: its files are always there.
std::vector<StateForm> docker_forms(std::string_view root, std::string_view unless) {
  return {{Runtime::none, StateKind::docker_config, below(root, "containers/*/config.v2.json"),
           std::string(unless)}};
}
std::vector<StateForm> podman_forms(std::string_view storage, std::string_view unless) {
  return {{Runtime::none, StateKind::podman_containers,
           below(storage, "overlay-containers/containers.json"), std::string(unless)}};
}

bool is_written_once(StateKind kind) {
  return kind == StateKind::containerd_bundle || kind == StateKind::crio_bundle;
}

bool is_link(StateKind kind) {
  return kind == StateKind::container_log;
}

bool has_content(StateKind kind) {
  return kind != StateKind::pod_logs && !is_link(kind);
}

// An id that somebody chose is one only within its namespace of containerd; which cgroup it has is
// known of these two namespaces.
bool is_of_interest(StateKind kind, std::string_view path) {
  if (kind == StateKind::machine) {
    const std::string_view name = component(path, 0);  // "unit:machine-n1.scope" links to it
    return !name.starts_with('.') && name.find(':') == std::string_view::npos;
  }
  if (kind != StateKind::containerd_bundle) return true;
  const std::string_view id = component(path, 1), space = component(path, 2);
  return space != "moby" && (is_hex_id(id) || space == "default" || space == "k8s.io");
}

Result<std::vector<Description>> describe(StateKind kind, std::string_view path,
                                          std::string_view content) {
  switch (kind) {
    case StateKind::containerd_bundle:
      return all_of(describe_containerd(content, component(path, 1)));
    case StateKind::crio_bundle:
      return all_of(describe_crio(content, component(path, 2)));
    case StateKind::pod_logs:
      return all_of(describe_pod(component(path, 0)));
    case StateKind::container_log:
      return all_of(describe_log(component(path, 0), content));
    case StateKind::machine:
      return all_of(describe_machine(content));
    case StateKind::lxc_config:
      return all_of(std::optional(describe_lxc(content, component(path, 1))));
    case StateKind::docker_config:
      return all_of(describe_docker_config(content));
    case StateKind::podman_containers:
      return describe_podman_containers(content);
  }
  return Error{EINVAL, "kind of state"};
}

}  // namespace hostmeter::source::runtime
