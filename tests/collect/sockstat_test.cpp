#include "hostmeter/flow/facts/sockstat.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("sockets keep node_exporter's names") {
  const CollectorSpec& spec = test::collector("sockstat");
  const auto shown = [&](Sockstat field) {
    return test::metric_of(spec, Group::sockstat, unsigned(field));
  };
  CHECK(shown(Sockstat::sockets_used) == "node_sockstat_sockets_used");
  CHECK(shown(Sockstat::tcp_inuse) == "node_sockstat_TCP_inuse");
  CHECK(shown(Sockstat::tcp_mem_bytes) == "node_sockstat_TCP_mem_bytes");
  CHECK(shown(Sockstat::udp_mem) == "node_sockstat_UDP_mem");
  CHECK(shown(Sockstat::udp_lite_inuse) == "node_sockstat_UDPLITE_inuse");
  CHECK(shown(Sockstat::frag_memory) == "node_sockstat_FRAG_memory");
  CHECK(shown(Sockstat::udp_lite6_inuse) == "node_sockstat_UDPLITE6_inuse");
  CHECK(shown(Sockstat::frag6_memory) == "node_sockstat_FRAG6_memory");
}
