#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::proc {

// In the order of the instance labels of CpuInfo; empty: not told, as on most but x86.
enum class CpuLabel : std::uint8_t {
  cachesize,
  core,
  cpu,
  family,
  microcode,
  model,
  model_name,
  package,
  stepping,
  vendor,
  count
};
using CpuLabels = std::array<std::string_view, std::size_t(CpuLabel::count)>;

// Takes the next processor of /proc/cpuinfo; its cpu is empty at the end. Sections without the line
// "processor : N", and keys of no interest, are skipped.
CpuLabels next_cpu(Text& cpuinfo);

}  // namespace hostmeter::source::proc
