// Packet processing of one CPU. Instance label: cpu.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Softnet : std::uint8_t {
  processed,
  dropped,
  times_squeezed,
  cpu_collision,
  received_rps,
  flow_limit_count,
  backlog_len,  // now
  count
};
constexpr Group group_of(Softnet) {
  return Group::softnet;
}

}  // namespace hostmeter
