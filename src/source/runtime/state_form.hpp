// Which files tell about containers, and how each is read.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/description.hpp"

namespace hostmeter::source::runtime {

// What stands in such a file, or in its name.
enum class StateKind : std::uint8_t {
  containerd_bundle,  // STATE/io.containerd.runtime.v2.task/NAMESPACE/ID/config.json
  crio_bundle,        // STORAGE/overlay-containers/ID/userdata/config.json
  pod_logs,           // PODS/NAMESPACE_POD_UID
  container_log,      // CONTAINERS/POD_NAMESPACE_CONTAINER-ID.log
  machine,            // MACHINES/NAME
  lxc_config,         // LXC/NAME/config
  docker_config,      // DOCKER/containers/ID/config.v2.json
  podman_containers,  // STORAGE/overlay-containers/containers.json
};

struct StateForm {
  Runtime runtime = Runtime::none;  // whose it is; none: nobody's who could be up or down
  StateKind kind{};
  std::string pattern{};
  std::string unless{};  // a socket: while there is one, who listens there tells more and sooner
};

// All forms of a kind of source, below a directory: "/run/containerd".
std::vector<StateForm> containerd_forms(std::string_view state);
std::vector<StateForm> crio_forms(std::string_view storage);
std::vector<StateForm> kubelet_forms(std::string_view logs);
std::vector<StateForm> nspawn_forms(std::string_view machines);
std::vector<StateForm> lxc_forms(std::string_view containers);
std::vector<StateForm> docker_forms(std::string_view root, std::string_view unless);
std::vector<StateForm> podman_forms(std::string_view storage, std::string_view unless);

// Written once and never again.
bool is_written_once(StateKind);
// Told by its name, or by where it leads to as a link.
bool is_link(StateKind);
bool has_content(StateKind);

// Whether it is worth reading: the bundles that dockerd has from containerd are not.
bool is_of_interest(StateKind, std::string_view path);

// Whom it describes. content: what it holds, or where it leads to; EBADMSG, EFBIG: it is damaged.
Result<std::vector<Description>> describe(StateKind, std::string_view path,
                                          std::string_view content);

}  // namespace hostmeter::source::runtime
