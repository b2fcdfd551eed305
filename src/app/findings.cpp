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

std::vector<std::string> findings(const Readers& readers, const Sampler& sampler) {
  return {kernel_line() + ", " + cgroup_line(readers), mode_line(sampler)};
}

}  // namespace hostmeter::app
