#include "contract/telegraf/schedule.hpp"

#include <algorithm>

#include "contract/telegraf/figures.hpp"

namespace hostmeter::contract::telegraf {

Schedule::Due Schedule::at(std::uint64_t realtime_ns) {
  const std::uint64_t longest =
      timing_.interval_ns + timing_.jitter_ns + (timing_.rounded ? 0 : timing_.offset_ns);
  const bool went_back = realtime_ns < last_ns_ || next_ns_ > realtime_ns + longest;
  if (realtime_ns >= next_ns_ || realtime_ns == last_ns_ || went_back) {
    if (realtime_ns != last_ns_) plan(realtime_ns);
    last_ns_ = realtime_ns;
    return Due::now;
  }
  if (told_soon_ || next_ns_ - realtime_ns > kSoonNs) return Due::no;
  told_soon_ = true;
  return Due::soon;
}

void Schedule::plan(std::uint64_t realtime_ns) {
  const std::uint64_t interval = std::max<std::uint64_t>(timing_.interval_ns, 1);
  if (timing_.rounded) {
    const std::uint64_t offset = timing_.offset_ns % interval;
    unjittered_ns_ =
        (realtime_ns - std::min(realtime_ns, offset)) / interval * interval + interval + offset;
  } else {
    const std::uint64_t steady = unjittered_ns_ + interval;
    const bool is_on_time =
        last_ns_ != 0 && steady > realtime_ns && steady - realtime_ns <= interval;
    unjittered_ns_ = is_on_time      ? steady
                     : last_ns_ == 0 ? realtime_ns + interval + timing_.offset_ns
                                     : realtime_ns + interval;
  }
  seed_ = mixed(seed_ + 1, realtime_ns);
  next_ns_ = unjittered_ns_ + (timing_.jitter_ns == 0 ? 0 : seed_ % timing_.jitter_ns);
  told_soon_ = false;
}

}  // namespace hostmeter::contract::telegraf
