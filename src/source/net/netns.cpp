// Network namespaces: which one a process is in, and what number netlink knows it by.
#include "source/net/netns.hpp"

#include <fcntl.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>

#include "hostmeter/base/text.hpp"
#include "source/net/link.hpp"

namespace hostmeter::source::net {
namespace {

using Path = std::array<char, 32>;

Path netns_path(int pid) {
  Path path{};
  std::snprintf(path.data(), path.size(), "%d/ns/net", pid);
  return path;
}

// Our own process is in the host's netns, unless Host::net says otherwise: so this needs no right
// to look at process 1. In a recorded tree there is no self.
const char* host_path(const Host& host) {
  return host.live && host.net == "net" ? "self/ns/net" : "1/ns/net";
}

Result<NetnsInode> read_netns_link(const base::Dir& proc, const char* path) {
  std::array<char, 64> target{};
  const ssize_t length = ::readlinkat(proc.fd(), path, target.data(), target.size());
  if (length < 0) return Error{errno, "netns: link"};
  return parse_netns_link({target.data(), std::size_t(length)});
}

Request nsid_request(std::uint16_t type, int netns_fd) {
  rtgenmsg header{};
  Request request(type, NLM_F_ACK, header);
  request.add(NETNSA_FD, std::uint32_t(netns_fd));
  return request;
}

Result<int> ask_nsid(NetlinkSocket& netlink, int netns_fd) {
  Request request = nsid_request(RTM_GETNSID, netns_fd);
  Result<int> nsid = Error{EBADMSG, "nsid: no answer"};
  const auto answered =
      netlink.ask(request, [&](const Message& message) { nsid = parse_nsid(message.payload); });
  if (!answered) return answered.error();
  return nsid;
}

// The kernel may have given one in between: EEXIST.
Result<int> nsid_of(NetlinkSocket& netlink, int netns_fd) {
  const auto known = ask_nsid(netlink, netns_fd);
  if (!known || *known >= 0) return known;
  Request request = nsid_request(RTM_NEWNSID, netns_fd);
  request.add(NETNSA_NSID, std::uint32_t(NETNSA_NSID_NOT_ASSIGNED));
  const auto given = netlink.ask(request, [](const Message&) {});
  if (!given && given.error().code != EEXIST) return given.error();
  const auto nsid = ask_nsid(netlink, netns_fd);
  if (nsid && *nsid < 0) return Error{EBADMSG, "nsid: not given"};
  return nsid;
}

Result<base::UniqueFd> open_netns(const base::Dir& proc, const char* path) {
  base::UniqueFd fd(::openat(proc.fd(), path, O_RDONLY | O_CLOEXEC));
  if (!fd) return Error{errno, "netns: open"};
  return fd;
}

}  // namespace

Result<NetnsInode> parse_netns_link(std::string_view target) {
  if (!target.starts_with("net:[") || !target.ends_with(']')) return Error{EBADMSG, "netns: link"};
  const auto inode = Text::to_number(target.substr(5, target.size() - 6));
  if (!inode || *inode == 0) return Error{EBADMSG, "netns: inode"};
  return *inode;
}

Result<NetnsInode> netns_of_process(const base::Dir& proc, int pid) {
  return read_netns_link(proc, netns_path(pid).data());
}

Result<NetnsInode> netns_of_host(const Host& host) {
  return read_netns_link(host.proc, host_path(host));
}

Result<int> nsid_of_process(const base::Dir& proc, int pid, NetnsInode expected,
                            NetlinkSocket& netlink) {
  const auto fd = open_netns(proc, netns_path(pid).data());
  if (!fd) return fd.error();
  struct stat status {};
  if (::fstat(fd->get(), &status) != 0) return Error{errno, "netns: stat"};
  if (status.st_ino != expected) return Error{ESTALE, "netns: changed"};
  return nsid_of(netlink, fd->get());
}

Result<int> nsid_of_host(const Host& host, NetlinkSocket& netlink) {
  const auto fd = open_netns(host.proc, host_path(host));
  if (!fd) return fd.error();
  return nsid_of(netlink, fd->get());
}

}  // namespace hostmeter::source::net
