#include "hostmeter/flow/facts/softnet.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("packet processing keeps node_exporter's names, by cpu") {
  const CollectorSpec& spec = test::collector("softnet");
  const auto shown = [&](Softnet field) {
    return test::metric_of(spec, Group::softnet, unsigned(field));
  };
  CHECK(shown(Softnet::processed) == "node_softnet_processed_total");
  CHECK(shown(Softnet::dropped) == "node_softnet_dropped_total");
  CHECK(shown(Softnet::times_squeezed) == "node_softnet_times_squeezed_total");
  CHECK(shown(Softnet::cpu_collision) == "node_softnet_cpu_collision_total");
  CHECK(shown(Softnet::received_rps) == "node_softnet_received_rps_total");
  CHECK(shown(Softnet::flow_limit_count) == "node_softnet_flow_limit_count_total");
  CHECK(shown(Softnet::backlog_len) == "node_softnet_backlog_len");
  CHECK(spec.groups[0].instance_labels == "cpu");
}
