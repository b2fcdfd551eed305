#pragma once
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "source/net/counters.hpp"
#include "source/net/netlink.hpp"

namespace hostmeter::source::net {

// A device as RTM_NEWLINK describes it. The views live as long as the message.
struct Link {
  int index = 0;
  bool loopback = false;
  bool bridge_port = false;  // the message is about its being a port, and tells little else
  std::string_view name;
  std::string_view kind;           // "veth", "macvlan" …; empty for real hardware
  int peer = 0;                    // ifindex of the peer or the lower device; 0: none
  std::optional<int> peer_nsid;    // the peer is in another netns, known to us by this number
  std::optional<int> target_nsid;  // the netns we asked about; absent: our own
  std::optional<Counters> counters;
};
Result<Link> parse_link(Bytes payload);

struct LinkStats {
  int index = 0;
  Counters counters;
};
// RTM_NEWSTATS with IFLA_STATS_LINK_64.
Result<LinkStats> parse_link_stats(Bytes payload);

// struct rtnl_link_stats64, as long as the kernel knows it.
Result<Counters> parse_stats64(Bytes bytes);

// RTM_NEWNSID and RTM_DELNSID: the number we know a netns by. -1: none has been given.
Result<int> parse_nsid(Bytes payload);

}  // namespace hostmeter::source::net
