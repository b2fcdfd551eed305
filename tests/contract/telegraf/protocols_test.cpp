#include <doctest/doctest.h>

#include "hostmeter/flow/facts/netstat.hpp"
#include "hostmeter/flow/facts/sockstat.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

void count(MadeUpHost& host) {
  using Field = hostmeter::Netstat;
  host.say<Field>({{Field::tcp_ext_listen_drops, 1},
                   {Field::tcp_active_opens, 2},
                   {Field::ip6_in_octets, 3},
                   {Field::udp_in_errors, 0}});
}

}  // namespace

TEST_CASE("nstat: by the file they are of, without those that are 0") {
  MadeUpHost host(contract::telegraf::Nstat{});
  count(host);
  host.tick(0);
  CHECK(host.lines() == Lines{R"(nstat_TcpExtListenDrops{name="netstat"} 1)",
                              R"(nstat_TcpActiveOpens{name="snmp"} 2)",
                              R"(nstat_Ip6InOctets{name="snmp6"} 3)"});
}

TEST_CASE("nstat: zeros too, where they are wanted") {
  MadeUpHost host(contract::telegraf::Nstat{.dump_zeros = true});
  count(host);
  host.tick(0);
  CHECK(host.shows(R"(nstat_UdpInErrors{name="snmp"} 0)"));
}

TEST_CASE("netstat: what the kernel counts") {
  MadeUpHost host(contract::telegraf::Netstat{});
  host.say<Sockstat>({{Sockstat::tcp_tw, 4}, {Sockstat::udp_inuse, 5}});
  host.tick(0);
  CHECK(host.lines() == Lines{"netstat_tcp_time_wait 4", "netstat_udp_socket 5"});
}
