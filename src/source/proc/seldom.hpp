// For what hardly ever changes: read once a minute or so, not at every tick.
#pragma once
#include "source/reader.hpp"

namespace hostmeter::source::proc {

class Seldom {
 public:
  static constexpr std::uint64_t kTicks = 60;

  // At the first tick, then once in kTicks, and whenever what was sent may have been lost.
  bool due(const Tick& tick) {
    if (last_ != 0 && !tick.resend && tick.number - last_ < kTicks) return false;
    last_ = tick.number;
    return true;
  }

 private:
  std::uint64_t last_ = 0;
};

}  // namespace hostmeter::source::proc
