#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/kernel_values.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec netstat_all;
}

TEST_CASE("all counters of the three files of protocols") {
  const auto said = test::kernel_values(
      source::proc::netstat_all,
      "-- proc/net/netstat --\nTcpExt: A B\nTcpExt: 1 2\n"
      "-- proc/net/snmp --\nTcp: MaxConn\nTcp: -1\n-- proc/net/snmp6 --\nIp6InReceives 3\n");
  CHECK(said.size() == 4);
  CHECK(said.at("net/netstat TcpExt B") == 2);
  CHECK(said.at("net/snmp Tcp MaxConn") == -1);
  CHECK(said.at("net/snmp6  Ip6InReceives") == 3);
}

TEST_CASE("it reads only where it is asked for, and without its files it says nothing") {
  CHECK(source::proc::netstat_all.when == source::proc::When::asked);
  CHECK(test::kernel_values(source::proc::netstat_all, "-- proc/nothing --\n").empty());
}
