#include "source/net/net_dev.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hostmeter;
using namespace hostmeter::source::net;

namespace {

const std::string kHeadings =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop "
    "fifo colls carrier compressed\n";

struct Parsed {
  std::vector<NetDevLine> lines;
  Error error{};
};
Parsed parse(std::string_view text) {
  Parsed parsed;
  for (NetDev lines(text);;) {
    const auto line = lines.next();
    if (!line) parsed.error = line.error();
    if (!line || !*line) return parsed;
    parsed.lines.push_back(**line);
  }
}

}  // namespace

TEST_CASE("every column finds its counter") {
  const std::string text =
      kHeadings +
      "  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n    lo:18446744073709551615 0 0 "
      "0 0 0 0 0 0 0 0 0 0 0 0 0\n";
  const Parsed parsed = parse(text);
  CHECK(parsed.error.code == 0);
  REQUIRE(parsed.lines.size() == 2);
  CHECK(parsed.lines[0].name == "eth0");
  const Counters& eth0 = parsed.lines[0].counters;
  CHECK(eth0.rx_bytes == 1);
  CHECK(eth0.rx_packets == 2);
  CHECK(eth0.rx_errors == 3);
  CHECK(eth0.rx_dropped == 4);
  CHECK(eth0.rx_fifo == 5);
  CHECK(eth0.rx_frame == 6);
  CHECK(eth0.rx_compressed == 7);
  CHECK(eth0.rx_multicast == 8);
  CHECK(eth0.tx_bytes == 9);
  CHECK(eth0.tx_packets == 10);
  CHECK(eth0.tx_errors == 11);
  CHECK(eth0.tx_dropped == 12);
  CHECK(eth0.tx_fifo == 13);
  CHECK(eth0.tx_collisions == 14);
  CHECK(eth0.tx_carrier == 15);
  CHECK(eth0.tx_compressed == 16);
  CHECK_FALSE(eth0.rx_nohandler);
  CHECK(parsed.lines[1].name == "lo");
  CHECK(parsed.lines[1].counters.rx_bytes == ~std::uint64_t{0});
}

TEST_CASE("a name may hold colons and odd characters") {
  const std::string text = kHeadings +
                           "eth0:1:0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 7\n"
                           "wg-a.b@c: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
  const Parsed parsed = parse(text);
  REQUIRE(parsed.lines.size() == 2);
  CHECK(parsed.lines[0].name == "eth0:1");
  CHECK(parsed.lines[0].counters.tx_compressed == 7);
  CHECK(parsed.lines[1].name == "wg-a.b@c");
}

TEST_CASE("a list without devices is a list") {
  CHECK(parse(kHeadings).error.code == 0);
  CHECK(parse(kHeadings).lines.empty());
}

TEST_CASE("a file that is not net/dev is refused") {
  for (const char* text : {"", "\n\n", "garbage", "Inter-|\nnonsense\n"}) {
    CAPTURE(text);
    CHECK(parse(text).error.code == EBADMSG);
  }
}

TEST_CASE("a damaged line is refused and ends the list") {
  const std::string good = "eth1: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
  for (const char* line : {"eth0 1 2 3", "eth0: 1 2 3\n", ": 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
                           "eth0: -1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
                           "eth0: 18446744073709551616 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n", "\n",
                           "eth0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0x1\n"}) {
    CAPTURE(line);
    const Parsed parsed = parse(kHeadings + line + good);
    CHECK(parsed.error.code == EBADMSG);
    CHECK(parsed.lines.empty());
  }
}
