// What rtnetlink says about devices and network namespaces.
#include "source/net/link.hpp"

#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>

namespace hostmeter::source::net {
namespace {

// Attributes begin at a multiple of 4 behind the fixed header.
template <class Header>
Bytes attributes_after(Bytes payload) {
  constexpr std::size_t kSize = (sizeof(Header) + 3) & ~std::size_t{3};
  return payload.subspan(std::min(kSize, payload.size()));
}

// IFLA_LINKINFO. False: damaged.
bool read_kind(Bytes nested, std::string_view& kind) {
  Attributes attributes(nested);
  while (const auto attribute = attributes.next())
    if (attribute->type == IFLA_INFO_KIND) kind = to_string(attribute->payload);
  return !attributes.damaged();
}

// False: damaged.
bool read_attribute(const Attribute& attribute, Link& link) {
  switch (attribute.type) {
    case IFLA_IFNAME:
      link.name = to_string(attribute.payload);
      return true;
    case IFLA_LINK: {
      const auto peer = leading<std::int32_t>(attribute.payload);
      link.peer = peer.value_or(-1);
      return link.peer >= 0;
    }
    case IFLA_LINK_NETNSID:
      link.peer_nsid = leading<std::int32_t>(attribute.payload);
      return link.peer_nsid.has_value();
    case IFLA_TARGET_NETNSID:
      link.target_nsid = leading<std::int32_t>(attribute.payload);
      return link.target_nsid.has_value();
    case IFLA_LINKINFO:
      return read_kind(attribute.payload, link.kind);
    case IFLA_STATS64: {
      const auto counters = parse_stats64(attribute.payload);
      if (counters) link.counters = *counters;
      return bool(counters);
    }
    default:
      return true;
  }
}

}  // namespace

Result<Link> parse_link(Bytes payload) {
  const auto header = leading<ifinfomsg>(payload);
  if (!header || header->ifi_index <= 0) return Error{EBADMSG, "link: header"};
  Link link;
  link.index = header->ifi_index;
  link.loopback = header->ifi_type == ARPHRD_LOOPBACK;
  link.bridge_port = header->ifi_family != AF_UNSPEC;
  Attributes attributes(attributes_after<ifinfomsg>(payload));
  while (const auto attribute = attributes.next())
    if (!read_attribute(*attribute, link)) return Error{EBADMSG, "link: attribute"};
  if (attributes.damaged()) return Error{EBADMSG, "link: attributes"};
  if (link.name.empty() || link.name.size() >= IFNAMSIZ) return Error{EBADMSG, "link: name"};
  // Before 5.18 IFLA_LINK is left out when the peer, in its netns, has the same index.
  if (link.peer_nsid && link.peer == 0) link.peer = link.index;
  return link;
}

Result<LinkStats> parse_link_stats(Bytes payload) {
  const auto header = leading<if_stats_msg>(payload);
  if (!header || header->ifindex == 0 || header->ifindex > INT32_MAX)
    return Error{EBADMSG, "link stats: header"};
  Attributes attributes(attributes_after<if_stats_msg>(payload));
  while (const auto attribute = attributes.next()) {
    if (attribute->type != IFLA_STATS_LINK_64) continue;
    const auto counters = parse_stats64(attribute->payload);
    if (!counters) return counters.error();
    return LinkStats{int(header->ifindex), *counters};
  }
  return Error{EBADMSG, "link stats: attributes"};
}

Result<Counters> parse_stats64(Bytes bytes) {
  // rx_nohandler and what follows it came later.
  constexpr std::size_t kLeast = offsetof(rtnl_link_stats64, rx_nohandler);
  if (bytes.size() < kLeast) return Error{EBADMSG, "link stats: size"};
  rtnl_link_stats64 stats{};
  std::memcpy(&stats, bytes.data(), std::min(bytes.size(), sizeof stats));
  Counters counters;
  counters.rx_bytes = stats.rx_bytes;
  counters.rx_packets = stats.rx_packets;
  counters.rx_errors = stats.rx_errors;
  counters.rx_dropped = stats.rx_dropped + stats.rx_missed_errors;
  counters.rx_fifo = stats.rx_fifo_errors;
  counters.rx_frame =
      stats.rx_length_errors + stats.rx_over_errors + stats.rx_crc_errors + stats.rx_frame_errors;
  counters.rx_compressed = stats.rx_compressed;
  counters.rx_multicast = stats.multicast;
  counters.tx_bytes = stats.tx_bytes;
  counters.tx_packets = stats.tx_packets;
  counters.tx_errors = stats.tx_errors;
  counters.tx_dropped = stats.tx_dropped;
  counters.tx_fifo = stats.tx_fifo_errors;
  counters.tx_collisions = stats.collisions;
  counters.tx_carrier = stats.tx_carrier_errors + stats.tx_aborted_errors + stats.tx_window_errors +
                        stats.tx_heartbeat_errors;
  counters.tx_compressed = stats.tx_compressed;
  if (bytes.size() >= kLeast + sizeof stats.rx_nohandler)
    counters.rx_nohandler = stats.rx_nohandler;
  return counters;
}

Result<int> parse_nsid(Bytes payload) {
  if (payload.size() < sizeof(rtgenmsg)) return Error{EBADMSG, "nsid: header"};
  Attributes attributes(attributes_after<rtgenmsg>(payload));
  while (const auto attribute = attributes.next()) {
    if (attribute->type != NETNSA_NSID) continue;
    const auto nsid = leading<std::int32_t>(attribute->payload);
    if (!nsid || *nsid < -1) return Error{EBADMSG, "nsid: number"};
    return int(*nsid);
  }
  return Error{EBADMSG, "nsid: attributes"};
}

}  // namespace hostmeter::source::net
