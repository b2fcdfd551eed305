#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/container.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("a container's state is a set of which one is 1, under labels of its own") {
  const CollectorSpec& spec = test::collector("container_state");
  CHECK(spec.scope == Scope::host);
  const auto of = [&](ContainerState field) {
    return test::metric_of(spec, Group::container_state, unsigned(field));
  };
  CHECK(of(ContainerState::is_running) == "container_state{running}");
  CHECK(of(ContainerState::is_dead) == "container_state{dead}");
  CHECK(of(ContainerState::unhealthy) == "container_health_status{unhealthy}");
  CHECK(of(ContainerState::started_ns) == "container_start_time_seconds");
  CHECK(of(ContainerState::health_failures) == "container_health_failing_streak");
  CHECK(of(ContainerState::main_pid) == "container_main_pid");
  CHECK(of(ContainerState::restarts) == "container_restarts_total");
  for (const GroupSeries& group : spec.groups)
    CHECK(group.instance_labels == "id,name,image,namespace,pod,container");
}

TEST_CASE("what it was made with is not what its cgroup allows: no name is both") {
  const CollectorSpec& spec = test::collector("container_state");
  const CollectorSpec& cgroup = test::collector("cgroup_spec");
  for (const MetricDesc& one : spec.metrics)
    for (const MetricDesc& other : cgroup.metrics) CHECK(one.name != other.name);
  CHECK(test::metric_of(spec, Group::container_config, unsigned(ContainerConfig::cpu_limit)) ==
        "container_config_cpus");
  CHECK(test::metric_of(spec, Group::container_disk, unsigned(ContainerDisk::written_bytes)) ==
        "container_fs_usage_bytes");
  CHECK(test::metric_of(spec, Group::container_disk, unsigned(ContainerDisk::root_fs_bytes)) ==
        "container_root_fs_bytes");
}
