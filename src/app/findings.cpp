#include "app/findings.hpp"

#include <sys/utsname.h>

#include <array>
#include <map>

namespace hostmeter::app {
namespace {

std::string cgroup_line(const Readers& readers) {
  std::map<std::string_view, std::size_t> containers;
  std::size_t all = 0;
  for (const source::cgroup::Cgroup* cgroup : readers.tree->slots()) {
    if (!cgroup) continue;
    ++all;
    if (cgroup->identity.kind == CgroupKind::container)
      ++containers[to_string(cgroup->identity.runtime)];
  }
  std::string text = "cgroup " + std::string(to_string(readers.cgroup.hierarchies->layout())) +
                     ", " + std::to_string(all) + " cgroups";
  for (const auto& [runtime, count] : containers)
    text += ", " + std::to_string(count) + " " + std::string(runtime) +
            (count == 1 ? " container" : " containers");
  return text;
}

std::string mode_line(const Sampler& sampler) {
  constexpr std::string_view kModes[] = {"off", "file", "bpf", "walk"};
  std::array<std::string, std::size(kModes)> names;
  for (const auto& [name, mode] : sampler.modes())
    names[std::size_t(mode)] += " " + std::string(name);
  std::string text = "readers by mode:";
  for (std::size_t mode = std::size(kModes); mode-- > 0;)
    if (!names[mode].empty()) text += " [" + std::string(kModes[mode]) + "]" + names[mode];
  return text;
}

}  // namespace

std::vector<std::string> findings(const Readers& readers, const Sampler& sampler) {
  utsname kernel{};
  ::uname(&kernel);
  return {std::string(kernel.nodename) + ", Linux " + kernel.release + ", " + cgroup_line(readers),
          mode_line(sampler)};
}

}  // namespace hostmeter::app
