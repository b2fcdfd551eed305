#include "source/proc/pace.hpp"

#include <algorithm>

namespace hostmeter::source::proc {

bool Pace::due_soon(const Tick& tick) {
  const std::uint64_t since_last =
      tick.realtime_ns > last_tick_ns_ && last_tick_ns_ != 0 ? tick.realtime_ns - last_tick_ns_ : 0;
  // After a clock was set, or ticks were late, the next tick is no further than an interval.
  return due_at(tick.realtime_ns + std::min(since_last, every_.interval_ns), tick.realtime_ns);
}

bool Pace::due_at(std::uint64_t moment_ns, std::uint64_t realtime_ns) {
  last_tick_ns_ = realtime_ns;
  if (!began_) since_ns_ = every_.offset_ns + (every_.rounded ? 0 : realtime_ns);
  const std::uint64_t turn =
      moment_ns < since_ns_ ? 0 : 1 + (moment_ns - since_ns_) / every_.interval_ns;
  const bool is_due = !began_ || turn != turn_;
  began_ = true;
  turn_ = turn;
  return is_due;
}

}  // namespace hostmeter::source::proc
