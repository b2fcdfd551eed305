// Files whose names are the kernel's own and differ from one kernel to the next. Instance labels:
// file, name, part.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class KernelValue : std::uint8_t { value, count };
constexpr Group group_of(KernelValue) {
  return Group::kernel_value;
}
// Some are below zero, or have a fraction.
constexpr bool is_real(KernelValue) {
  return true;
}

}  // namespace hostmeter
