// Containers as their engine knows them, running or not.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Instance labels of all three: id (the cgroup's path), name, image, namespace, pod, container.
enum class ContainerState : std::uint8_t {
  created_ns,  // since 1970, as the next two
  started_ns,
  finished_ns,
  restarts,
  exit_code,  // of one that has ended
  oom_killed,
  is_created,  // of these seven one is 1, the others 0
  is_running,
  is_paused,
  is_restarting,
  is_removing,
  is_exited,
  is_dead,
  health_starting,  // absent where nobody checks
  healthy,
  unhealthy,
  health,           // 1, 0 or -1 as cAdvisor has it
  health_failures,  // checks in a row
  main_pid,         // as the host numbers it
  count
};
constexpr Group group_of(ContainerState) {
  return Group::container_state;
}
constexpr bool is_real(ContainerState field) {
  return field == ContainerState::health;
}

// What it was made with. Absent: no limit.
enum class ContainerConfig : std::uint8_t {
  memory_limit,
  memory_reservation,
  memory_swap_limit,
  cpu_limit,  // CPUs
  cpu_shares,
  pids_limit,
  count
};
constexpr Group group_of(ContainerConfig) {
  return Group::container_config;
}
constexpr bool is_real(ContainerConfig field) {
  return field == ContainerConfig::cpu_limit;
}

enum class ContainerDisk : std::uint8_t {
  written_bytes,  // its writable layer
  root_fs_bytes,  // with all layers below that
  count
};
constexpr Group group_of(ContainerDisk) {
  return Group::container_disk;
}

}  // namespace hostmeter
