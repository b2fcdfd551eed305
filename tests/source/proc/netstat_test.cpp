#include "source/proc/netstat.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec netstat;
}

using source::proc::parse_protocols;
using source::proc::parse_snmp6;

TEST_CASE("a value belongs to the name in the same column") {
  const auto facts = parse_protocols(
      "Ip: Forwarding DefaultTTL\nIp: 2 64\n"
      "Tcp: RtoMin MaxConn ActiveOpens CurrEstab InErrs OutRsts\nTcp: 200 -1 13 4 5 6\n"
      "MPTcpExt: ActiveOpens\nMPTcpExt: 99\n"
      "TcpExt: TCPRcvQDrop SyncookiesSent\nTcpExt: 7 8\n",
      {});
  REQUIRE(facts);
  CHECK(facts->get(Netstat::ip_forwarding) == 2);
  CHECK(facts->get(Netstat::tcp_active_opens) == 13);
  CHECK(facts->get(Netstat::tcp_curr_estab) == 4);
  CHECK(facts->get(Netstat::tcp_out_rsts) == 6);
  CHECK(facts->get(Netstat::tcp_ext_tcp_rcv_q_drop) == 7);
  CHECK(facts->get(Netstat::tcp_ext_syncookies_sent) == 8);
  CHECK_FALSE(facts->get(Netstat::tcp_in_segs));
}

TEST_CASE("each file adds to what is known") {
  Facts<Netstat> before;
  before.set(Netstat::ip_forwarding, 1);
  const auto facts =
      parse_snmp6("Ip6InOctets    \t5\nUdpLite6InErrors   \t6\nIp6Other \t1\n", before);
  REQUIRE(facts);
  CHECK(facts->get(Netstat::ip_forwarding) == 1);
  CHECK(facts->get(Netstat::ip6_in_octets) == 5);
  CHECK(facts->get(Netstat::udp_lite6_in_errors) == 6);
}

TEST_CASE("damaged protocol counters are refused") {
  for (const char* text :
       {"", "garbage", "Ip: Forwarding\n", "Ip: Forwarding\nTcp: 1\n", "Ip: Forwarding\nIp:\n",
        "Ip: Forwarding\nIp: -1\n", "Udp: InErrors\nUdp: 18446744073709551616\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_protocols(text, {}));
  }
  CHECK_FALSE(parse_snmp6("Ip6InOctets x\n", {}));
  CHECK_FALSE(parse_snmp6("", {}));
}

TEST_CASE("a damaged file costs its own counters only") {
  test::MadeUpHost made_up(
      "-- proc/net/snmp --\nTcp: InSegs ActiveOpens\nTcp: 3 x\n"
      "-- proc/net/snmp6 --\nIcmp6InMsgs 4\n"
      "-- proc/net/netstat --\nIpExt: InOctets OutOctets\nIpExt: 5 6\n");
  const auto reader = source::proc::netstat.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK_FALSE(out.value(Netstat::tcp_in_segs));
  CHECK(out.value(Netstat::icmp6_in_msgs) == 4);
  CHECK(out.value(Netstat::ip_ext_out_octets) == 6);
  CHECK(reader->parse_errors() == 1);
}
