#include "source/net/link.hpp"

#include <doctest/doctest.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include "support/netlink_bytes.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;
using test::put_attribute;

namespace {

test::ByteVector link_header(int index, int type = ARPHRD_ETHER, int family = 0) {
  ifinfomsg header{};
  header.ifi_index = index;
  header.ifi_type = std::uint16_t(type);
  header.ifi_family = std::uint8_t(family);
  test::ByteVector bytes;
  test::put(bytes, header);
  return bytes;
}

test::ByteVector veth() {
  test::ByteVector bytes = link_header(12), info;
  put_attribute(bytes, IFLA_IFNAME, "eth0");
  put_attribute(info, IFLA_INFO_KIND, "veth");
  put_attribute(bytes, IFLA_LINKINFO | NLA_F_NESTED, info);
  put_attribute(bytes, IFLA_LINK, 34);
  put_attribute(bytes, IFLA_LINK_NETNSID, 0);
  put_attribute(bytes, IFLA_TARGET_NETNSID, 5);
  return bytes;
}

rtnl_link_stats64 stats() {
  rtnl_link_stats64 stats{};
  auto* values = reinterpret_cast<__u64*>(&stats);
  for (std::size_t i = 0; i < sizeof stats / sizeof *values; ++i) values[i] = 1ULL << i;
  return stats;
}

}  // namespace

TEST_CASE("a veth is known by its name, kind and other end") {
  const test::ByteVector bytes = veth();
  const auto link = parse_link(bytes);
  REQUIRE(link);
  CHECK(link->index == 12);
  CHECK(link->name == "eth0");
  CHECK(link->kind == "veth");
  CHECK(link->peer == 34);
  CHECK(link->peer_nsid == 0);
  CHECK(link->target_nsid == 5);
  CHECK_FALSE(link->loopback);
  CHECK_FALSE(link->counters);
}

TEST_CASE("a peer elsewhere that is not numbered has the same number") {
  test::ByteVector bytes = link_header(12);
  put_attribute(bytes, IFLA_IFNAME, "eth0");
  put_attribute(bytes, IFLA_LINK_NETNSID, 3);
  CHECK(parse_link(bytes)->peer == 12);
}

TEST_CASE("hardware and loopback have neither kind nor peer") {
  test::ByteVector bytes = link_header(1, ARPHRD_LOOPBACK);
  put_attribute(bytes, IFLA_IFNAME, "lo");
  const auto link = parse_link(bytes);
  REQUIRE(link);
  CHECK(link->loopback);
  CHECK(link->kind.empty());
  CHECK(link->peer == 0);
  CHECK_FALSE(link->peer_nsid);
}

TEST_CASE("a message about a bridge port is told apart") {
  test::ByteVector bytes = link_header(4, ARPHRD_ETHER, AF_BRIDGE);
  put_attribute(bytes, IFLA_IFNAME, "veth1");
  CHECK(parse_link(bytes)->bridge_port);
}

TEST_CASE("a damaged link is refused") {
  const test::ByteVector whole = veth();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const auto link = parse_link(Bytes(whole).first(size));
    // What ends between two attributes behind the name is a link.
    if (link) CHECK(link->name == "eth0");
  }
  for (const int index : {0, -1, INT32_MIN}) {
    test::ByteVector bytes = link_header(index);
    put_attribute(bytes, IFLA_IFNAME, "eth0");
    CHECK_FALSE(parse_link(bytes));
  }
  for (const std::string_view name : {"", "sixteen-and-more"}) {
    test::ByteVector bytes = link_header(1);
    put_attribute(bytes, IFLA_IFNAME, name);
    CHECK_FALSE(parse_link(bytes));
  }
  test::ByteVector short_stats = link_header(1);
  put_attribute(short_stats, IFLA_IFNAME, "eth0");
  put_attribute(short_stats, IFLA_STATS64, test::ByteVector(64));
  CHECK_FALSE(parse_link(short_stats));
}

TEST_CASE("64-bit statistics become the columns of net/dev") {
  const rtnl_link_stats64 from = stats();
  const auto counters = parse_stats64(std::as_bytes(std::span(&from, 1)));
  REQUIRE(counters);
  CHECK(counters->rx_bytes == from.rx_bytes);
  CHECK(counters->rx_packets == from.rx_packets);
  CHECK(counters->rx_errors == from.rx_errors);
  CHECK(counters->rx_dropped == from.rx_dropped + from.rx_missed_errors);
  CHECK(counters->rx_fifo == from.rx_fifo_errors);
  CHECK(counters->rx_frame ==
        from.rx_length_errors + from.rx_over_errors + from.rx_crc_errors + from.rx_frame_errors);
  CHECK(counters->rx_compressed == from.rx_compressed);
  CHECK(counters->rx_multicast == from.multicast);
  CHECK(counters->rx_nohandler == from.rx_nohandler);
  CHECK(counters->tx_bytes == from.tx_bytes);
  CHECK(counters->tx_packets == from.tx_packets);
  CHECK(counters->tx_errors == from.tx_errors);
  CHECK(counters->tx_dropped == from.tx_dropped);
  CHECK(counters->tx_fifo == from.tx_fifo_errors);
  CHECK(counters->tx_collisions == from.collisions);
  CHECK(counters->tx_carrier == from.tx_carrier_errors + from.tx_aborted_errors +
                                    from.tx_window_errors + from.tx_heartbeat_errors);
  CHECK(counters->tx_compressed == from.tx_compressed);
}

TEST_CASE("statistics of an old kernel lack what came later, of a new one have more") {
  const rtnl_link_stats64 from = stats();
  const Bytes all = std::as_bytes(std::span(&from, 1));
  const auto old = parse_stats64(all.first(23 * 8));
  REQUIRE(old);
  CHECK_FALSE(old->rx_nohandler);
  CHECK(old->tx_compressed == from.tx_compressed);
  test::ByteVector longer(all.begin(), all.end());
  longer.resize(longer.size() + 80);
  CHECK(parse_stats64(longer)->rx_nohandler == from.rx_nohandler);
  CHECK_FALSE(parse_stats64(all.first(23 * 8 - 1)));
  CHECK_FALSE(parse_stats64({}));
}

TEST_CASE("link statistics need an index and all of the counters") {
  const rtnl_link_stats64 from = stats();
  const auto message = [&](std::uint32_t index, std::size_t size) {
    if_stats_msg header{};
    header.ifindex = index;
    test::ByteVector bytes;
    test::put(bytes, header);
    put_attribute(bytes, IFLA_STATS_LINK_64, &from, size);
    return bytes;
  };
  const auto good = parse_link_stats(message(7, sizeof from));
  REQUIRE(good);
  CHECK(good->index == 7);
  CHECK(good->counters.tx_packets == from.tx_packets);
  CHECK_FALSE(parse_link_stats(message(0, sizeof from)));
  CHECK_FALSE(parse_link_stats(message(0x80000000U, sizeof from)));
  CHECK_FALSE(parse_link_stats(message(7, 100)));
  const auto whole = message(7, sizeof from);
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(parse_link_stats(Bytes(whole).first(size)));
}

TEST_CASE("the number of a netns may not have been given yet") {
  const auto message = [](int nsid) {
    rtgenmsg header{};
    test::ByteVector bytes;
    test::put(bytes, header);
    put_attribute(bytes, NETNSA_NSID, nsid);
    return bytes;
  };
  CHECK(*parse_nsid(message(4)) == 4);
  CHECK(*parse_nsid(message(-1)) == -1);
  CHECK_FALSE(parse_nsid(message(-2)));
  const auto whole = message(4);
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(parse_nsid(Bytes(whole).first(size)));
}
