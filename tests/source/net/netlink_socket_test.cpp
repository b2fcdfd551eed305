#include "source/net/netlink_socket.hpp"

#include <doctest/doctest.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <array>

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

TEST_CASE("many questions are answered each, but for those that are refused") {
  test::NetworkLab lab;
  if (!lab.usable()) return;
  REQUIRE(lab.ip("link add dum0 index 500 type veth peer name dum1 index 501"));
  auto socket = NetlinkSocket::open(lab.host);
  REQUIRE(socket);
  constexpr std::size_t kCount = 100;
  const auto index_of = [](std::size_t i) { return i % 10 == 7 ? 0x7ffffff0 : 500 + int(i % 2); };
  const auto make = [&](std::size_t i) {
    ifinfomsg header{};
    header.ifi_index = index_of(i);
    return Request(RTM_GETLINK, 0, header);
  };
  std::array<int, kCount> answers{};
  const auto use = [&](std::size_t i, const Message& message) {
    const auto link = parse_link(message.payload);
    REQUIRE(link);
    CHECK(link->index == index_of(i));
    ++answers[i];
  };
  CHECK(socket->ask_each<4096>(kCount, make, use).code == 0);
  for (std::size_t i = 0; i < kCount; ++i) CHECK(answers[i] == (i % 10 == 7 ? 0 : 1));
  CHECK(socket->ask_each<4096>(0, make, use).code == 0);
  // All are too long, and the socket is as good as it was.
  CHECK(socket->ask_each<256>(kCount, make, use).code == 0);
  for (std::size_t i = 0; i < kCount; ++i) CHECK(answers[i] == (i % 10 == 7 ? 0 : 1));
  CHECK(*socket);
  CHECK(socket->ask_each<4096>(kCount, make, use).code == 0);
  for (std::size_t i = 0; i < kCount; ++i) CHECK(answers[i] == (i % 10 == 7 ? 0 : 2));
}

TEST_CASE("a socket that was never opened says so") {
  NetlinkSocket socket;
  ifinfomsg header{};
  Request request(RTM_GETLINK, NLM_F_DUMP, header);
  CHECK(socket.dump(request, [](const Message&) {}).error().code == EBADF);
  const auto ask = [&](std::size_t) { return request; };
  CHECK(socket.ask_each<4096>(1, ask, [](std::size_t, const Message&) {}).code == EBADF);
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
