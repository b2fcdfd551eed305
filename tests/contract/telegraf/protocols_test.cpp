#include <doctest/doctest.h>

#include "hostmeter/flow/facts/sockstat.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

TEST_CASE("netstat: what the kernel counts") {
  MadeUpHost host(contract::telegraf::Netstat{});
  host.say<Sockstat>({{Sockstat::tcp_tw, 4}, {Sockstat::udp_inuse, 5}});
  host.tick(0);
  CHECK(host.lines() == Lines{"netstat_tcp_time_wait 4", "netstat_udp_socket 5"});
}
