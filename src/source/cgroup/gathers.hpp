// When files are read that few ask for, and those not often: of all containers at once, at the
// first tick that is not before the moment meant. So what is gathered then is of then.
#pragma once
#include <cstdint>

#include "source/proc/pace.hpp"
#include "source/reader.hpp"

namespace hostmeter::source::cgroup {

class Gathers {
 public:
  // most: of containers in a tick; those left over have their turn in the next.
  Gathers(const proc::Moments& moments, std::size_t most) : pace_(moments), most_(most) {}

  void begin(const Tick& tick) {
    const bool is_unfinished = left_ == 0;  // some may have had no turn yet
    left_ = most_;
    is_due_ |= pace_.due(tick);
    if (round_ != 0 && !tick.resend && (!is_due_ || is_unfinished)) return;
    is_due_ = false;
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
  proc::Pace pace_;
  bool is_due_ = false;
  std::size_t most_, left_ = 0;
  std::uint64_t round_ = 0;
};

}  // namespace hostmeter::source::cgroup
