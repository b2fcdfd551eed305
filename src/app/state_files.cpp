#include "app/state_files.hpp"

#include "base/open_file.hpp"
#include "source/runtime/state_files.hpp"

namespace hostmeter::app {

std::optional<NamedSource> state_files(const config::Settings& settings, const source::Host& host,
                                       InstanceIds numbers) {
  using namespace source::runtime;
  std::vector<StateForm> all;
  const auto add = [&all](const config::StateDirectories& runtime,
                          std::vector<StateForm> (*forms)(std::string_view)) {
    if (!runtime.enabled) return;
    for (const std::string& directory : runtime.directories)
      for (StateForm& form : forms(std::string_view(directory).substr(1)))
        all.push_back(std::move(form));
  };
  const config::Runtimes& runtimes = settings.runtimes;
  add(runtimes.containerd, containerd_forms);
  add(runtimes.crio, crio_forms);
  add(runtimes.kubelet, kubelet_forms);
  add(runtimes.lxc, lxc_forms);
  add(runtimes.nspawn, nspawn_forms);
  if (all.empty()) return {};
  // A pod has a file, a link and a directory or two for each container.
  const FollowedFiles::Limits limits{.entries = 4 * settings.limits.containers};
  return NamedSource{
      "runtime_files",
      std::make_unique<StateFiles>(host.root, *host.clock, std::move(numbers),
                                   StateFiles::Options{.forms = std::move(all), .limits = limits}),
      base::right_to_read()};
}

}  // namespace hostmeter::app
