#include "source/net/netlink_socket.hpp"

#include <doctest/doctest.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "source/net/link.hpp"
#include "support/network_lab.hpp"

using namespace hostmeter;
using namespace hostmeter::source::net;

TEST_CASE("the kernel lists its devices") {
  const source::Host host;
  auto socket = NetlinkSocket::open(host);
  REQUIRE(socket);
  ifinfomsg header{};
  Request request(RTM_GETLINK, NLM_F_DUMP, header);
  bool loopback = false;
  const auto listed = socket->dump(request, [&](const Message& message) {
    const auto link = parse_link(message.payload);
    loopback |= link && link->loopback && link->name == "lo";
  });
  REQUIRE(listed);
  CHECK(listed->done);
  CHECK(loopback);
}

TEST_CASE("what the kernel refuses leaves the socket as good as it was") {
  const source::Host host;
  auto socket = NetlinkSocket::open(host);
  REQUIRE(socket);
  ifinfomsg header{};
  header.ifi_index = 0x7ffffff0;
  Request request(RTM_GETLINK, NLM_F_ACK, header);
  const auto answer = socket->ask(request, [](const Message&) {});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ENODEV);
  CHECK(*socket);
  header.ifi_index = 1;
  Request good(RTM_GETLINK, NLM_F_ACK, header);
  unsigned parts = 0;
  CHECK(socket->ask(good, [&](const Message&) { ++parts; }));
  CHECK(parts == 1);
}

TEST_CASE("a socket that was never opened says so") {
  NetlinkSocket socket;
  ifinfomsg header{};
  Request request(RTM_GETLINK, NLM_F_DUMP, header);
  CHECK(socket.dump(request, [](const Message&) {}).error().code == EBADF);
  CHECK_FALSE(socket);
}

TEST_CASE("a listener hears of new devices, and of nothing when there is nothing") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  auto listener = NetlinkSocket::open_listener(lab.host);
  REQUIRE(listener);
  REQUIRE(lab.ip("link add dum0 type veth peer name dum1"));
  bool heard = false;
  for (auto datagram = listener->heard(); datagram && !datagram->empty();
       datagram = listener->heard()) {
    Messages messages(*datagram);
    while (const auto message = messages.next())
      heard |= message->type == RTM_NEWLINK && parse_link(message->payload)->name == "dum0";
  }
  CHECK(heard);
  CHECK(*listener);
  CHECK(listener->heard()->empty());
}
