#include <doctest/doctest.h>

#include "hostmeter/flow/facts/sockstat.hpp"
#include "hostmeter/flow/facts/tcp_states.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

TEST_CASE("netstat: TCP by state, and the sockets of UDP") {
  MadeUpHost host(contract::telegraf::Netstat{});
  host.say<Sockstat>({{Sockstat::udp_inuse, 5}, {Sockstat::udp6_inuse, 2}});
  Facts<TcpStates> states;
  for (std::size_t i = 0; i < Facts<TcpStates>::kFields; ++i) states.set(TcpStates(i), i + 1);
  host.say(states);
  host.tick(0);
  CHECK(host.lines() ==
        Lines{"netstat_tcp_established 1", "netstat_tcp_syn_sent 2", "netstat_tcp_syn_recv 3",
              "netstat_tcp_fin_wait1 4", "netstat_tcp_fin_wait2 5", "netstat_tcp_time_wait 6",
              "netstat_tcp_close 7", "netstat_tcp_close_wait 8", "netstat_tcp_last_ack 9",
              "netstat_tcp_listen 10", "netstat_tcp_closing 11", "netstat_tcp_none 12",
              "netstat_udp_socket 7"});
}

TEST_CASE("netstat: sockets that nobody counted are absent") {
  MadeUpHost host(contract::telegraf::Netstat{});
  host.say<Sockstat>({{Sockstat::udp_inuse, 5}});
  host.tick(0);
  CHECK(host.lines() == Lines{"netstat_udp_socket 5"});
}
