#include "source/surroundings.hpp"

#include <sys/stat.h>

#include "base/capabilities.hpp"

namespace hostmeter::source {
namespace {

// The first namespaces of a kernel have had these inode numbers since 3.8 (pid) and 4.6 (cgroup):
// PROC_PID_INIT_INO, PROC_CGROUP_INIT_INO.
constexpr std::string_view kFirstPid = "pid:[4026531836]", kFirstCgroup = "cgroup:[4026531835]";

std::string link_or_empty(const base::Dir& dir, const char* path) {
  auto target = dir.link(path);
  return target ? *target : std::string();
}

std::uint64_t inode_or_zero(const base::Dir& dir, const char* path) {
  struct stat status {};
  return ::fstatat(dir.fd(), path, &status, 0) == 0 ? status.st_ino : 0;
}

bool is_known_other(std::string_view seen, std::string_view wanted) {
  return !seen.empty() && seen != wanted;
}

}  // namespace

Namespaces namespaces(const base::Dir& own_proc, const Host& host) {
  const base::Raised rights({CAP_SYS_PTRACE});
  return {
      .own_pid = link_or_empty(own_proc, "self/ns/pid"),
      .own_net = link_or_empty(own_proc, "self/ns/net"),
      .own_cgroup = link_or_empty(own_proc, "self/ns/cgroup"),
      .host_pid = link_or_empty(host.proc, "1/ns/pid"),
      .host_net = link_or_empty(host.proc, "1/ns/net"),
      .host_cgroup = link_or_empty(host.proc, "1/ns/cgroup"),
      .own_net_file = inode_or_zero(own_proc, "self/net/dev"),
      .host_net_file = inode_or_zero(host.proc, "1/net/dev"),
  };
}

Network network_of_host(const Namespaces& seen) {
  if (!seen.own_net.empty() && !seen.host_net.empty())
    return seen.own_net == seen.host_net ? Network::ours : Network::other;
  if (seen.own_net_file == 0 || seen.host_net_file == 0) return Network::unknown;
  return seen.own_net_file == seen.host_net_file ? Network::ours : Network::other;
}

bool is_other_network(const Namespaces& seen) {
  return network_of_host(seen) == Network::other;
}

std::vector<BlindSpot> blind_spots(const Namespaces& seen) {
  std::vector<BlindSpot> blind;
  if (is_known_other(seen.host_pid, kFirstPid))
    blind.push_back(
        {"the /proc that is read is a container's: processes, networks and mounts outside of it "
         "are hidden",
         "run with --pid=host, or mount the host's / read-only at /host and use --root /host"});
  if (seen.host_pid.empty())
    blind.push_back({"/proc/1/ns cannot be read: the host's namespaces are taken to be ours",
                     "run as root, or with CAP_SYS_PTRACE"});
  if (is_known_other(seen.own_cgroup, kFirstCgroup))
    blind.push_back(
        {"we are in a cgroup namespace: cgroups outside of our own may be hidden",
         "run with --cgroupns=host, or mount the host's /sys/fs/cgroup and use --root /host"});
  if (is_other_network(seen))
    blind.push_back(
        {"we are in a network namespace of our own: the host's network is read from /proc/1/net, "
         "which costs more",
         "run with --network=host (hostNetwork: true)"});
  if (network_of_host(seen) == Network::unknown)
    blind.push_back(
        {"process 1 does not show its network: what is served as the host's may be that of a "
         "network namespace of our own",
         "run with --network=host (hostNetwork: true), or as root with CAP_SYS_PTRACE"});
  return blind;
}

}  // namespace hostmeter::source
