// A container engine as a whole, and how we do with it.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Instance labels: runtime.
enum class EngineField : std::uint8_t {
  created,  // containers by state
  running,
  paused,
  restarting,
  removing,
  exited,
  dead,
  images,
  memory_bytes,
  cpus,
  disk_images,  // bytes
  disk_containers,
  disk_volumes,
  disk_build_cache,
  without_state,  // containers that limits.shown_containers leaves no room for
  open_files,     // of the engine's process, as the next two
  goroutines,
  event_listeners,
  count
};
constexpr Group group_of(EngineField) {
  return Group::engine;
}

// Instance labels: runtime, version, api_version, storage_driver, cgroup_driver.
enum class EngineInfoField : std::uint8_t { one, count };
constexpr Group group_of(EngineInfoField) {
  return Group::engine_info;
}

// Instance labels: runtime, image_id, image (the first of its names).
enum class ImageDisk : std::uint8_t {
  bytes,
  shared_bytes,  // with other images
  count
};
constexpr Group group_of(ImageDisk) {
  return Group::image_disk;
}

// Instance labels: runtime, volume.
enum class VolumeDisk : std::uint8_t { bytes, count };
constexpr Group group_of(VolumeDisk) {
  return Group::volume_disk;
}

// Instance labels: runtime, service_id, service, mode.
enum class SwarmService : std::uint8_t {
  tasks_running,
  tasks_desired,   // of modes replicated and global
  max_concurrent,  // of jobs, as the next
  total_completions,
  count
};
constexpr Group group_of(SwarmService) {
  return Group::swarm_service;
}

// Instance labels: runtime.
enum class RuntimeClient : std::uint8_t {
  requests,
  events,
  unreachable,  // nobody answered, or the connection ended
  timeouts,
  malformed,  // answers
  refused,    // answers that say no
  left_out,   // containers, images, volumes and services beyond the bound
  count
};
constexpr Group group_of(RuntimeClient) {
  return Group::runtime_client;
}

}  // namespace hostmeter
