// The kernel's entropy pool, in bits.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Entropy : std::uint8_t { available, pool_size, count };
constexpr Group group_of(Entropy) {
  return Group::entropy;
}

}  // namespace hostmeter
