// When a reader of what hardly changes is due.
#pragma once
#include <cstddef>
#include <cstdint>

#include "source/reader.hpp"

namespace hostmeter::source::proc {

// Every n-th tick; all at once on the first tick and when the last one was abandoned. A reader with
// many items gives each its own turn, so that no tick carries the work of all.
class Cadence {
 public:
  explicit Cadence(std::uint64_t every) : every_(every) {}

  void begin(const Tick& tick) { all_ = ticks_++ == 0 || tick.resend; }
  bool due(std::size_t item = 0) const { return all_ || (ticks_ - 1) % every_ == item % every_; }

 private:
  std::uint64_t every_, ticks_ = 0;
  bool all_ = false;
};

}  // namespace hostmeter::source::proc
