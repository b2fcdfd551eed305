// The groups of facts that readers send and collectors receive.
#pragma once
#include <cstdint>

namespace hostmeter {

// Each group has an enum of fields in include/hostmeter/flow/facts/, but for the two that the
// pipeline itself uses.
enum class Group : std::uint16_t {
  tick,    // the mark at a tick's end: see TickField
  reader,  // how a reader does: see ReaderField
  // the host
  cpu,
  stat,
  softirq,
  interrupts,
  processes,
  users,
  loadavg,
  meminfo,
  vmstat,
  diskstats,
  disk_info,
  filesystem,
  mount_info,
  netdev,
  netclass,
  network_info,
  sockstat,
  netstat,
  softnet,
  tcp_states,
  arp,
  conntrack,
  filefd,
  pressure,
  timex,
  time,
  time_zone,
  clocksource,
  entropy,
  kernel_value,
  hwmon_temp,
  hwmon_fan,
  hwmon_in,
  hwmon_power,
  hwmon_freq,
  hwmon_intrusion,
  hwmon_chip,
  hwmon_label,
  md,
  os_info,
  os_version,
  uname_info,
  dmi_info,
  cpu_info,
  cpu_frequency,
  // cgroups
  cgroup_cpu,
  cgroup_memory,
  cgroup_blkio,
  cgroup_blkio_latency,
  cgroup_pids,
  cgroup_pressure,
  cgroup_run_queue,
  cgroup_run_queue_long,
  run_queue_settings,
  cgroup_spec,
  cgroup_info,
  container_identity,
  cgroup_life,
  cgroup_oom,
  cgroup_network,
  cgroup_network_mode,
  cgroup_tree,
  life,
  // containers and engines, as runtimes tell
  container_state,
  container_config,
  container_disk,
  engine,
  engine_info,
  // ourselves
  agent,
  build,
  ring,
  series_table,
  identities,
  runtime,
  bpf_map,
  driver,
  runtime_client,
  // scripts
  textfile,
  textfiles,
  script,
  scripts,
  script_sandbox,
  count
};

}  // namespace hostmeter
