#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("tcp_states keeps node_exporter's names") {
  const CollectorSpec& spec = test::collector("tcp_states");
  CHECK(test::metric_of(spec, Group::tcp_states, 0) == "node_tcp_connection_states{established}");
  CHECK(test::metric_of(spec, Group::tcp_states, 12) ==
        "node_tcp_connection_states{rx_queued_bytes}");
}
