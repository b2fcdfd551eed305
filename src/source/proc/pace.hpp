// When a reader that someone asked for is due.
#pragma once
#include <cstdint>
#include <vector>

#include "source/reader.hpp"

namespace hostmeter::source::proc {

// Rounded: at multiples of the interval on the wall clock, and so much later; else of the time
// since the first tick.
struct Every {
  std::uint64_t interval_ns = 15'000'000'000;
  std::uint64_t offset_ns = 0;
  bool rounded = true;
};

using Moments = std::vector<Every>;  // of all who ask for one thing

class Pace {
 public:
  explicit Pace(const Moments& moments) : turns_(moments.begin(), moments.end()) {}

  // At the first tick, and at the first that is not before each moment meant.
  bool due(const Tick& tick);
  // The same a tick earlier, for what takes a tick to answer.
  bool due_soon(const Tick& tick);

 private:
  struct Turns {
    Every every;
    bool began = false;
    std::uint64_t since_ns = 0;  // where turns are counted from
    std::uint64_t turn = 0;

    explicit Turns(const Every& one) : every(one) {}
    bool is_another(std::uint64_t moment_ns, std::uint64_t realtime_ns);
  };

  std::vector<Turns> turns_;
  std::uint64_t last_tick_ns_ = 0;
};

}  // namespace hostmeter::source::proc
