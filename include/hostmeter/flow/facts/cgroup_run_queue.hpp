// How long the tasks of a cgroup waited for a CPU.
#pragma once
#include "hostmeter/flow/facts.hpp"
#include "hostmeter/flow/facts/latency.hpp"

namespace hostmeter {

inline constexpr auto& kRunQueueBounds = kLatencyBounds<0, 22>;      // 1 us to 4.2 s
inline constexpr auto& kRunQueueLongBounds = kLatencyBounds<7, 22>;  // 128 us to 4.2 s

// All waits.
enum class CgroupRunQueue : std::uint8_t {
  sum_ns,
  first_bucket,
  count = first_bucket + kRunQueueBounds.size() + 1
};
constexpr Group group_of(CgroupRunQueue) {
  return Group::cgroup_run_queue;
}

// Only those as long as the threshold.
enum class CgroupRunQueueLong : std::uint8_t {
  sum_ns,
  first_bucket,
  count = first_bucket + kRunQueueLongBounds.size() + 1
};
constexpr Group group_of(CgroupRunQueueLong) {
  return Group::cgroup_run_queue_long;
}

// How it is measured: of the host.
enum class RunQueueSettings : std::uint8_t { threshold_ns, count };
constexpr Group group_of(RunQueueSettings) {
  return Group::run_queue_settings;
}

}  // namespace hostmeter
