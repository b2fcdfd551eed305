// Container engines as a whole, and how we do with them.
#include "hostmeter/flow/facts/engine.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

enum {
  containers,
  images,
  memory,
  cpus,
  disk,
  without_state,
  open_files,
  goroutines,
  listeners,
  image_bytes,
  image_shared,
  volume_bytes,
  tasks_running,
  tasks_desired,
  job_concurrent,
  job_completions,
  info,
  requests,
  events,
  failures,
  left_out
};
constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::none, "hostmeter_engine_containers",
     "Containers that the engine knows, by state.", "runtime,state"},
    {Kind::gauge, Unit::none, "hostmeter_engine_images", "Images that the engine has.", "runtime"},
    {Kind::gauge, Unit::bytes, "hostmeter_engine_memory_bytes",
     "Memory of the machine, as the engine sees it.", "runtime"},
    {Kind::gauge, Unit::none, "hostmeter_engine_cpus",
     "CPUs of the machine, as the engine sees it.", "runtime"},
    {Kind::gauge, Unit::bytes, "hostmeter_engine_disk_usage_bytes",
     "What images, the containers' own layers, volumes and the build cache take on disk; only with "
     "df_interval in [runtime.*].",
     "runtime,kind"},
    {Kind::gauge, Unit::none, "hostmeter_engine_containers_without_state",
     "Containers whose state, limits and health are not shown because limits.shown_containers are.",
     "runtime"},
    {Kind::gauge, Unit::none, "hostmeter_engine_open_files",
     "Open files of the engine's own process, as it says.", "runtime"},
    {Kind::gauge, Unit::none, "hostmeter_engine_goroutines",
     "Goroutines of the engine's own process, as it says.", "runtime"},
    {Kind::gauge, Unit::none, "hostmeter_engine_event_listeners",
     "Those that the engine tells of events, us among them.", "runtime"},
    {Kind::gauge, Unit::bytes, "hostmeter_engine_image_bytes",
     "What an image takes on disk; only where a telegraf.conf asks for images.",
     "runtime,image_id,image"},
    {Kind::gauge, Unit::bytes, "hostmeter_engine_image_shared_bytes",
     "What of an image other images have, too; only where a telegraf.conf asks for images.",
     "runtime,image_id,image"},
    {Kind::gauge, Unit::bytes, "hostmeter_engine_volume_bytes",
     "What a volume takes on disk; only where a telegraf.conf asks for volumes.", "runtime,volume"},
    {Kind::gauge, Unit::none, "hostmeter_swarm_tasks_running",
     "Tasks of a service of the swarm that run; only where a telegraf.conf asks for services.",
     "runtime,service_id,service,mode"},
    {Kind::gauge, Unit::none, "hostmeter_swarm_tasks_desired",
     "Tasks that a service of the swarm should have; not of jobs.",
     "runtime,service_id,service,mode"},
    {Kind::gauge, Unit::none, "hostmeter_swarm_job_max_concurrent",
     "Tasks of a job of the swarm that may run at once.", "runtime,service_id,service,mode"},
    {Kind::gauge, Unit::none, "hostmeter_swarm_job_completions",
     "Tasks of a job of the swarm that are to succeed.", "runtime,service_id,service,mode"},
    {Kind::gauge, Unit::info, "hostmeter_engine_info", "What engine it is, always 1.",
     "runtime,version,api_version,storage_driver,cgroup_driver,engine_host"},
    {Kind::counter, Unit::none, "hostmeter_runtime_requests_total",
     "Questions asked of the engine.", "runtime"},
    {Kind::counter, Unit::none, "hostmeter_runtime_events_total", "Events the engine told of.",
     "runtime"},
    {Kind::counter, Unit::none, "hostmeter_runtime_failures_total",
     "Questions without a use: unreachable, no answer in time, a malformed one, or refused.",
     "runtime,reason"},
    {Kind::counter, Unit::none, "hostmeter_runtime_left_out_total",
     "Containers the engine told of that are not followed because limits.containers are, and "
     "images, volumes and services of a swarm beyond 10,000 of each.",
     "runtime"},
};

constexpr FieldSeries kEngine[] = {
    series(EngineField::created, kMetrics[containers], "created"),
    series(EngineField::running, kMetrics[containers], "running"),
    series(EngineField::paused, kMetrics[containers], "paused"),
    series(EngineField::restarting, kMetrics[containers], "restarting"),
    series(EngineField::removing, kMetrics[containers], "removing"),
    series(EngineField::exited, kMetrics[containers], "exited"),
    series(EngineField::dead, kMetrics[containers], "dead"),
    series(EngineField::images, kMetrics[images]),
    series(EngineField::memory_bytes, kMetrics[memory]),
    series(EngineField::cpus, kMetrics[cpus]),
    series(EngineField::disk_images, kMetrics[disk], "images"),
    series(EngineField::disk_containers, kMetrics[disk], "containers"),
    series(EngineField::disk_volumes, kMetrics[disk], "volumes"),
    series(EngineField::disk_build_cache, kMetrics[disk], "build_cache"),
    series(EngineField::without_state, kMetrics[without_state]),
    series(EngineField::open_files, kMetrics[open_files]),
    series(EngineField::goroutines, kMetrics[goroutines]),
    series(EngineField::event_listeners, kMetrics[listeners]),
};
constexpr FieldSeries kImage[] = {
    series(ImageDisk::bytes, kMetrics[image_bytes]),
    series(ImageDisk::shared_bytes, kMetrics[image_shared]),
};
constexpr FieldSeries kService[] = {
    series(SwarmService::tasks_running, kMetrics[tasks_running]),
    series(SwarmService::tasks_desired, kMetrics[tasks_desired]),
    series(SwarmService::max_concurrent, kMetrics[job_concurrent]),
    series(SwarmService::total_completions, kMetrics[job_completions]),
};
constexpr FieldSeries kVolume[] = {series(VolumeDisk::bytes, kMetrics[volume_bytes])};
constexpr FieldSeries kInfo[] = {series(EngineInfoField::one, kMetrics[info])};
constexpr FieldSeries kClient[] = {
    series(RuntimeClient::requests, kMetrics[requests]),
    series(RuntimeClient::events, kMetrics[events]),
    series(RuntimeClient::unreachable, kMetrics[failures], "unreachable"),
    series(RuntimeClient::timeouts, kMetrics[failures], "timeout"),
    series(RuntimeClient::malformed, kMetrics[failures], "malformed"),
    series(RuntimeClient::refused, kMetrics[failures], "refused"),
    series(RuntimeClient::left_out, kMetrics[left_out]),
};
constexpr GroupSeries kGroups[] = {
    group_series<EngineField>(kEngine, "runtime"),
    group_series<EngineInfoField>(
        kInfo, "runtime,version,api_version,storage_driver,cgroup_driver,engine_host"),
    group_series<ImageDisk>(kImage, "runtime,image_id,image"),
    group_series<VolumeDisk>(kVolume, "runtime,volume"),
    group_series<SwarmService>(kService, "runtime,service_id,service,mode"),
    group_series<RuntimeClient>(kClient, "runtime"),
};

}  // namespace

extern const CollectorSpec engine{
    .name = "engine", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
