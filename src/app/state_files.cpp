#include "app/state_files.hpp"

#include <utility>

#include "base/open_file.hpp"
#include "source/runtime/state_files.hpp"

namespace hostmeter::app {

using namespace source::runtime;

std::vector<StateForm> state_forms(const config::Settings& settings, Sockets sockets) {
  std::vector<StateForm> all;
  const auto add_all = [&all](std::vector<StateForm> forms) {
    for (StateForm& form : forms) all.push_back(std::move(form));
  };
  const auto add = [&](const config::StateDirectories& runtime,
                       std::vector<StateForm> (*forms)(std::string_view)) {
    if (!runtime.enabled) return;
    for (const std::string& directory : runtime.directories)
      add_all(forms(std::string_view(directory).substr(1)));
  };
  const config::Runtimes& runtimes = settings.runtimes;
  add(runtimes.containerd, containerd_forms);
  add(runtimes.crio, crio_forms);
  add(runtimes.kubelet, kubelet_forms);
  add(runtimes.lxc, lxc_forms);
  add(runtimes.nspawn, nspawn_forms);
  // Of the first directory an engine tells by itself; the others are another's, such as a user's.
  const auto add_engine = [&](const config::Engine& engine, auto forms) {
    const bool ask = sockets == Sockets::come_first && engine.enabled;
    std::string_view socket = ask ? std::string_view(engine.endpoint).substr(1) : "";
    for (const std::string& directory : engine.directories)
      add_all(forms(std::string_view(directory).substr(1), std::exchange(socket, {})));
  };
  add_engine(runtimes.docker, docker_forms);
  add_engine(runtimes.podman, podman_forms);
  return all;
}

std::optional<NamedSource> state_files(const config::Settings& settings, const source::Host& host,
                                       InstanceIds numbers) {
  std::vector<StateForm> forms =
      state_forms(settings, host.live ? Sockets::come_first : Sockets::ignored);
  if (forms.empty()) return {};
  // A pod has a file, a link and a directory or two for each container.
  const source::FollowedFiles::Limits limits{.entries = 4 * settings.limits.containers};
  return NamedSource{"runtime_files",
                     std::make_unique<StateFiles>(
                         host.root, *host.clock, std::move(numbers),
                         StateFiles::Options{.forms = std::move(forms), .limits = limits}),
                     base::right_to_read()};
}

}  // namespace hostmeter::app
