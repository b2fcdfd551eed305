#include "source/proc/pace.hpp"

#include <algorithm>
#include <utility>

namespace hostmeter::source::proc {

bool Pace::due(const Tick& tick) {
  bool is_due = false;
  for (Turns& turns : turns_) is_due |= turns.is_another(tick.realtime_ns, tick.realtime_ns);
  last_tick_ns_ = tick.realtime_ns;
  return is_due;
}

bool Pace::due_soon(const Tick& tick) {
  const std::uint64_t now_ns = tick.realtime_ns;
  const std::uint64_t since_last =
      now_ns > last_tick_ns_ && last_tick_ns_ != 0 ? now_ns - last_tick_ns_ : 0;
  bool is_due = false;
  // After a clock was set, or ticks were late, the next tick is no further than an interval.
  for (Turns& turns : turns_)
    is_due |= turns.is_another(now_ns + std::min(since_last, turns.every.interval_ns), now_ns);
  last_tick_ns_ = now_ns;
  return is_due;
}

bool Pace::Turns::is_another(std::uint64_t moment_ns, std::uint64_t realtime_ns) {
  if (!began) since_ns = every.offset_ns + (every.rounded ? 0 : realtime_ns);
  const std::uint64_t now =
      moment_ns < since_ns ? 0 : 1 + (moment_ns - since_ns) / every.interval_ns;
  const bool is_due = !std::exchange(began, true) || now != turn;
  turn = now;
  return is_due;
}

}  // namespace hostmeter::source::proc
