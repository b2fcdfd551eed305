#include "hostmeter/flow/facts/cgroup_network.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("a container's network keeps cAdvisor's names") {
  const CollectorSpec& spec = test::collector("cgroup_network");
  const auto name = [&](CgroupNetwork field) {
    return test::metric_of(spec, Group::cgroup_network, unsigned(field));
  };
  CHECK(spec.scope == Scope::container);
  CHECK(name(CgroupNetwork::receive_bytes) == "container_network_receive_bytes_total");
  CHECK(name(CgroupNetwork::transmit_dropped) ==
        "container_network_transmit_packets_dropped_total");
  CHECK(name(CgroupNetwork::transmit_errors) == "container_network_transmit_errors_total");
}

TEST_CASE("whose network a container uses is a state set") {
  const CollectorSpec& spec = test::collector("cgroup_network");
  CHECK(test::metric_of(spec, Group::cgroup_network_mode, unsigned(CgroupNetworkMode::shared)) ==
        "hostmeter_container_network_mode{shared}");
}
