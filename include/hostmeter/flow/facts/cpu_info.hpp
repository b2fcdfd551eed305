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

// Instance labels: cpu. In hertz.
enum class CpuFrequency : std::uint8_t { scaling, scaling_min, scaling_max, count };
constexpr Group group_of(CpuFrequency) {
  return Group::cpu_frequency;
}

}  // namespace hostmeter
