// What the processors are, and how fast they are clocked.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Instance labels: cachesize, core, cpu, family, microcode, model, model_name, package, stepping,
// vendor.
enum class CpuInfo : std::uint8_t {
  info,  // always 1
  count
};
constexpr Group group_of(CpuInfo) {
  return Group::cpu_info;
}

// Instance labels: cpu.
enum class CpuFrequency : std::uint8_t {
  scaling,  // this and the next two: in hertz
  scaling_min,
  scaling_max,
  online,    // 0 or 1
  isolated,  // 1, of those that are
  count
};
constexpr Group group_of(CpuFrequency) {
  return Group::cpu_frequency;
}

}  // namespace hostmeter
