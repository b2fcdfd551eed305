#pragma once
#include <cstdint>
#include <string_view>

#include "base/dir.hpp"
#include "hostmeter/base/result.hpp"
#include "source/host.hpp"
#include "source/net/netlink_socket.hpp"

namespace hostmeter::source::net {

// A netns is known by the inode of its file: unique while it lives.
using NetnsInode = std::uint64_t;

// "net:[4026531840]", as proc/PID/ns/net links to.
Result<NetnsInode> parse_netns_link(std::string_view target);

// ENOENT: no such process. EACCES: looking needs CAP_SYS_PTRACE.
Result<NetnsInode> netns_of_process(const base::Dir& proc, int pid);
Result<NetnsInode> netns_of_host(const Host& host);

// The number by which netlink knows another netns; one is given to it when it has none, which
// needs CAP_NET_ADMIN. The file of the netns is open no longer than this takes: an fd would keep
// the netns alive. ESTALE: the process is in another netns than it was.
Result<int> nsid_of_process(const base::Dir& proc, int pid, NetnsInode expected,
                            NetlinkSocket& netlink);
// The host itself as it appears when a device elsewhere has its peer here.
Result<int> nsid_of_host(const Host& host, NetlinkSocket& netlink);

}  // namespace hostmeter::source::net
