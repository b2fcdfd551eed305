// Containers as Docker or podman know them, running or not.
#include "hostmeter/collect/collector.hpp"
#include "hostmeter/flow/facts/container.hpp"

namespace hostmeter::collect {
namespace {

constexpr std::string_view kLabels = "id,name,image,namespace,pod,container";

enum {
  created,
  started,
  finished,
  restarts,
  exit_code,
  oom_killed,
  state,
  health_status,
  health_state,
  health_failures,
  main_pid,
  memory_limit,
  memory_reservation,
  memory_swap_limit,
  cpu_limit,
  cpu_shares,
  pids_limit,
  fs_usage,
  root_fs
};
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::seconds, "container_created_timestamp_seconds",
     "Unix time at which the container was created, as its engine says.", kLabels},
    {Kind::gauge, Unit::seconds, "container_start_time_seconds",
     "Unix time at which it was last started.", kLabels},
    {Kind::gauge, Unit::seconds, "container_finished_timestamp_seconds",
     "Unix time at which it last ended.", kLabels},
    {Kind::counter, Unit::none, "container_restarts_total",
     "Times its engine started it again because it ended, since it was last started by hand.",
     kLabels},
    {Kind::gauge, Unit::none, "container_exit_code",
     "What its main process ended with; absent while it runs.", kLabels},
    {Kind::gauge, Unit::none, "container_oom_killed",
     "1 if its last run ended for want of memory, as its engine saw it.", kLabels},
    {Kind::gauge, Unit::none, "container_state", "1 for the state its engine says it is in.",
     "id,name,image,namespace,pod,container,state"},
    {Kind::gauge, Unit::none, "container_health_status",
     "1 for what its health check found; absent where there is none.",
     "id,name,image,namespace,pod,container,status"},
    {Kind::gauge, Unit::none, Encoding::real, "container_health_state",
     "1 if its health check succeeds, 0 if not or not yet, -1 if there is none.", kLabels},
    {Kind::gauge, Unit::none, "container_health_failing_streak",
     "Health checks that failed in a row; absent where there is none.", kLabels},
    {Kind::gauge, Unit::none, "container_main_pid",
     "Number of its main process on the host; absent while it does not run.", kLabels},
    {Kind::gauge, Unit::bytes, "container_config_memory_limit_bytes",
     "Memory it was given at most when it was made; absent: no limit.", kLabels},
    {Kind::gauge, Unit::bytes, "container_config_memory_reservation_bytes",
     "Memory that was reserved for it when it was made; absent: none.", kLabels},
    {Kind::gauge, Unit::bytes, "container_config_memory_swap_limit_bytes",
     "Memory and swap together that it was given at most; absent: no limit.", kLabels},
    {Kind::gauge, Unit::none, Encoding::real, "container_config_cpus",
     "CPUs it was given at most when it was made; absent: no limit.", kLabels},
    {Kind::gauge, Unit::none, "container_config_cpu_shares",
     "Its share of contended CPUs; absent: the default.", kLabels},
    {Kind::gauge, Unit::none, "container_config_pids_limit",
     "Processes and threads it may have at most; absent: no limit.", kLabels},
    {Kind::gauge, Unit::bytes, "container_fs_usage_bytes",
     "What it has written into its own filesystem layer; only with df_interval in [runtime.*].",
     kLabels},
    {Kind::gauge, Unit::bytes, "container_root_fs_bytes",
     "Its root filesystem with all layers of its image; only with df_interval in [runtime.*].",
     kLabels},
};

constexpr FieldSeries kState[] = {
    series(ContainerState::created_ns, kMetrics[created]),
    series(ContainerState::started_ns, kMetrics[started]),
    series(ContainerState::finished_ns, kMetrics[finished]),
    series(ContainerState::restarts, kMetrics[restarts]),
    series(ContainerState::exit_code, kMetrics[exit_code]),
    series(ContainerState::oom_killed, kMetrics[oom_killed]),
    series(ContainerState::is_created, kMetrics[state], "created"),
    series(ContainerState::is_running, kMetrics[state], "running"),
    series(ContainerState::is_paused, kMetrics[state], "paused"),
    series(ContainerState::is_restarting, kMetrics[state], "restarting"),
    series(ContainerState::is_removing, kMetrics[state], "removing"),
    series(ContainerState::is_exited, kMetrics[state], "exited"),
    series(ContainerState::is_dead, kMetrics[state], "dead"),
    series(ContainerState::health_starting, kMetrics[health_status], "starting"),
    series(ContainerState::healthy, kMetrics[health_status], "healthy"),
    series(ContainerState::unhealthy, kMetrics[health_status], "unhealthy"),
    series(ContainerState::health, kMetrics[health_state]),
    series(ContainerState::health_failures, kMetrics[health_failures]),
    series(ContainerState::main_pid, kMetrics[main_pid]),
};
constexpr FieldSeries kConfig[] = {
    series(ContainerConfig::memory_limit, kMetrics[memory_limit]),
    series(ContainerConfig::memory_reservation, kMetrics[memory_reservation]),
    series(ContainerConfig::memory_swap_limit, kMetrics[memory_swap_limit]),
    series(ContainerConfig::cpu_limit, kMetrics[cpu_limit]),
    series(ContainerConfig::cpu_shares, kMetrics[cpu_shares]),
    series(ContainerConfig::pids_limit, kMetrics[pids_limit]),
};
constexpr FieldSeries kDisk[] = {
    series(ContainerDisk::written_bytes, kMetrics[fs_usage]),
    series(ContainerDisk::root_fs_bytes, kMetrics[root_fs]),
};
constexpr GroupSeries kGroups[] = {
    group_series<ContainerState>(kState, kLabels),
    group_series<ContainerConfig>(kConfig, kLabels),
    group_series<ContainerDisk>(kDisk, kLabels),
};

}  // namespace

// Their labels are their own: most of them have no cgroup of the host.
extern const CollectorSpec container_state{
    .name = "container_state", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
