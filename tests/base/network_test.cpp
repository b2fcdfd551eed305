#include "base/network.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using base::Network;
using base::parse_ip;

namespace {

bool has(const char* network, const char* address) {
  const auto parsed = Network::parse(network);
  REQUIRE(parsed);
  const auto ip = parse_ip(address);
  REQUIRE(ip);
  return parsed->has(*ip);
}

}  // namespace

TEST_CASE("a network has the addresses that begin as it does") {
  CHECK(has("10.0.0.0/8", "10.255.3.4"));
  CHECK_FALSE(has("10.0.0.0/8", "11.0.0.0"));
  CHECK(has("192.168.1.128/25", "192.168.1.200"));
  CHECK_FALSE(has("192.168.1.128/25", "192.168.1.127"));
  CHECK(has("fd00::/8", "fdff:1::2"));
  CHECK_FALSE(has("fd00::/8", "fe00::1"));
  CHECK(has("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(has("2001:db8::/33", "2001:db8:8000::1"));
  CHECK(has("0.0.0.0/0", "10.0.0.1"));
  CHECK_FALSE(has("0.0.0.0/0", "2001:db8::1"));
}

TEST_CASE("a network of IPv6 has no IPv4 address, unless it is written as such") {
  CHECK(has("::/0", "2001:db8::1"));
  CHECK_FALSE(has("::/0", "10.0.0.1"));
  CHECK_FALSE(has("::ffff:0:0/95", "10.0.0.1"));
  CHECK(has("::ffff:0:0/96", "10.0.0.1"));
  CHECK(has("::ffff:10.0.0.0/104", "10.0.0.1"));
  CHECK_FALSE(has("::ffff:10.0.0.0/104", "11.0.0.1"));
}

TEST_CASE("an address alone is itself, and IPv4 is the same seen through IPv6") {
  CHECK(has("127.0.0.1", "127.0.0.1"));
  CHECK_FALSE(has("127.0.0.1", "127.0.0.2"));
  CHECK(has("127.0.0.0/8", "::ffff:127.0.0.1"));
  CHECK(has("::1", "::1"));
  CHECK(has("10.1.2.3/8", "10.9.9.9"));  // bits behind the prefix are of no account
}

TEST_CASE("what is no network is none") {
  for (const char* text :
       {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "10.0.0.0/8x",
        "host", "10.0.0.0 /8", "1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18:19:20:21:22"}) {
    CAPTURE(text);
    CHECK_FALSE(Network::parse(text));
  }
}
