// Some process of a cgroup: who lives in it is asked of that one.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/open_file.hpp"
#include "hostmeter/base/text.hpp"
#include "source/cgroup/file_path.hpp"
#include "source/cgroup/tree.hpp"

namespace hostmeter::source::cgroup {

// The nearest cgroups first, and no more of them than kPidSteps: a container may make thousands
// below itself. One that has none in those is looked into less and less often.
int Tree::first_pid(const Cgroup& cgroup) const {
  constexpr std::uint8_t kMostBackOff = 64;
  Node& top = *nodes_[cgroup.subject.slot];
  const bool whole = top.pid_wait == 0;
  if (!whole) --top.pid_wait;
  std::array<std::uint32_t, kPidSteps> walk{cgroup.subject.slot};
  std::size_t found = 1;
  for (std::size_t i = 0; i < found; ++i) {
    const Node& node = *nodes_[walk[i]];
    if (const int pid = own_pid(node.cgroup)) {
      if (i > 0 || whole) top.pid_back_off = top.pid_wait = 0;
      return pid;
    }
    for (std::size_t child = 0; whole && child < node.children.size() && found < kPidSteps; ++child)
      walk[found++] = node.children[child];
  }
  if (whole && found > 1)
    top.pid_wait = top.pid_back_off =
        std::uint8_t(std::min<int>(kMostBackOff, std::max<int>(1, top.pid_back_off * 2)));
  return 0;
}

int Tree::own_pid(const Cgroup& cgroup) const {
  const auto all = hierarchies_.all();
  FilePath path;
  if (!path.set(cgroup.path, "cgroup.procs")) return 0;
  for (std::size_t h = 0; h < all.size(); ++h) {
    if (cgroup.kernfs_id[h] == 0) continue;
    const base::UniqueFd file = base::open_file(all[h].dir.fd(), path.c_str(), O_RDONLY);
    std::array<char, 32> head{};
    const ssize_t got = file ? ::pread(file.get(), head.data(), head.size(), 0) : -1;
    if (got <= 0) continue;  // empty, or threaded: its threads' group is told further up
    const auto pid = Text(std::string_view(head.data(), std::size_t(got))).line().number();
    if (pid && *pid > 0 && *pid <= 0x7fffffffU) return int(*pid);
  }
  return 0;
}

}  // namespace hostmeter::source::cgroup
