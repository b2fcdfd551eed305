// When a reader that someone asked for is due.
#pragma once
#include <cstdint>

#include "source/reader.hpp"

namespace hostmeter::source::proc {

// Rounded: at multiples of the interval on the wall clock, and so much later; else of the time
// since the first tick.
struct Every {
  std::uint64_t interval_ns = 15'000'000'000;
  std::uint64_t offset_ns = 0;
  bool rounded = true;
};

class Pace {
 public:
  explicit Pace(const Every& every) : every_(every) {}

  // At the first tick, and at the first that is not before each moment meant.
  bool due(const Tick& tick) { return due_at(tick.realtime_ns, tick.realtime_ns); }
  // The same a tick earlier, for what takes a tick to answer.
  bool due_soon(const Tick& tick);

 private:
  bool due_at(std::uint64_t moment_ns, std::uint64_t realtime_ns);

  Every every_;
  bool began_ = false;
  std::uint64_t since_ns_ = 0;  // where turns are counted from
  std::uint64_t turn_ = 0, last_tick_ns_ = 0;
};

}  // namespace hostmeter::source::proc
