// What containers that ended did in their lives, added up since the agent started.
#pragma once
#include "hostmeter/flow/facts.hpp"
#include "hostmeter/flow/own_groups.hpp"

namespace hostmeter {

// Instance labels: image, namespace.
enum class Ended : std::uint8_t {
  containers,
  cpu_ns,
  read_bytes,  // of block devices, as the five that follow
  write_bytes,
  discard_bytes,
  read_ops,

  write_ops,
  discard_ops,
  oom_kills,
  lifetime_ns,
  count
};
constexpr Group group_of(Ended) {
  return own_group::kEnded;
}

// The same, of the containers of one pod. Instance labels: namespace, pod.
enum class EndedInPod : std::uint8_t { count = std::uint8_t(Ended::count) };
constexpr Group group_of(EndedInPod) {
  return own_group::kEndedInPod;
}

}  // namespace hostmeter
