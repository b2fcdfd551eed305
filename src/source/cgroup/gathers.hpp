// When files are read that few ask for, and those not often: of all containers at once, at the
// first tick that is not before a multiple of an interval. So what is gathered then is of then.
#pragma once
#include <cstdint>

#include "source/reader.hpp"

namespace hostmeter::source::cgroup {

class Gathers {
 public:
  // most: of containers in a tick; those left over have their turn in the next.
  Gathers(std::uint64_t interval_ns, std::size_t most) : interval_ns_(interval_ns), most_(most) {}

  void begin(const Tick& tick) {
    const bool is_unfinished = left_ == 0;  // some may have had no turn yet
    left_ = most_;
    const std::uint64_t now = tick.realtime_ns / interval_ns_;
    if (round_ != 0 && !tick.resend && (now == last_ || is_unfinished)) return;
    last_ = now;
    ++round_;
  }
  // seen: the round in which it last had its turn; 0: never.
  bool take_turn(std::uint64_t& seen) {
    if (seen == round_ || left_ == 0) return false;
    --left_;
    seen = round_;
    return true;
  }

 private:
  std::uint64_t interval_ns_;
  std::size_t most_, left_ = 0;
  std::uint64_t last_ = 0, round_ = 0;
};

}  // namespace hostmeter::source::cgroup
