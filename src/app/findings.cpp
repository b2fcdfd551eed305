#include "app/findings.hpp"

#include <sys/utsname.h>

#include <array>
#include <map>

namespace hostmeter::app {
namespace {

std::string mode_line(const Sampler& sampler) {
  std::array<std::string, std::size_t(source::Mode::walk) + 1> names;
  for (const ReaderState& state : sampler.reader_states())
    names[std::size_t(state.mode)] += " " + std::string(state.name);
  std::string text = "readers by mode:";
  for (std::size_t mode = names.size(); mode-- > 0;)
    if (!names[mode].empty())
      text += " [" + std::string(to_string(source::Mode(mode))) + "]" + names[mode];
  return text;
}

}  // namespace

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

std::string kernel_line() {
  utsname kernel{};
  ::uname(&kernel);
  return std::string(kernel.nodename) + ", Linux " + kernel.release;
}

std::vector<Walked> walked(const Readers& readers) {
  std::vector<Walked> found;
  if (!readers.walks) return found;
  const auto& hierarchies = readers.cgroup.hierarchies->all();
  for (std::size_t h = 0; h < hierarchies.size(); ++h) {
    const source::walk::HierarchyWalk* walk = readers.walks->at(h);
    const source::bpf::WalkWay* way = walk ? walk->way() : nullptr;
    if (way && walk->has_figures())
      found.push_back(
          {hierarchies[h].mount.mount_point, to_string(way->rung), to_string(way->flush)});
  }
  return found;
}

std::vector<std::string> findings(const Readers& readers, const Sampler& sampler) {
  std::vector<std::string> lines = {kernel_line() + ", " + cgroup_line(readers),
                                    mode_line(sampler)};
  for (const Walked& walk : walked(readers))
    lines.push_back(
        "walks " + walk.cgroups + " by " + std::string(walk.rung) +
        (walk.flush.empty() ? "" : ", counters summed up by " + std::string(walk.flush)));
  return lines;
}

}  // namespace hostmeter::app
