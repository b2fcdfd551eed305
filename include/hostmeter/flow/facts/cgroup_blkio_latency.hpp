// How long block I/O of a cgroup took, on one device and of one operation. Instance labels: device,
// operation.
#pragma once
#include "hostmeter/flow/facts.hpp"
#include "hostmeter/flow/facts/latency.hpp"

namespace hostmeter {

inline constexpr auto& kBlkioLatencyBounds = kLatencyBounds<3, 22>;  // 8 us to 4.2 s

enum class CgroupBlkioLatency : std::uint8_t {
  sum_ns,
  first_bucket,
  count = first_bucket + kBlkioLatencyBounds.size() + 1
};
constexpr Group group_of(CgroupBlkioLatency) {
  return Group::cgroup_blkio_latency;
}

}  // namespace hostmeter
