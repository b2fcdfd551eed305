// The kernel's clocks.
#pragma once
#include "hostmeter/base/clock.hpp"

namespace hostmeter::base {

class SystemClock final : public Clock {
 public:
  std::uint64_t realtime_ns() const override;
  std::uint64_t monotonic_ns() const override;
  std::uint64_t thread_cpu_ns() const override;
};

}  // namespace hostmeter::base
