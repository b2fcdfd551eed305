// When an input is gathered.
#pragma once
#include "contract/telegraf/options.hpp"

namespace hostmeter::contract::telegraf {

// On the wall clock, as the agent's ticks allow: at the first of them that is not before the moment
// meant. The first tick of all gathers, whenever it is.
class Schedule {
 public:
  static constexpr std::uint64_t kSoonNs = 1'000'000'000;

  explicit Schedule(const Timing& timing, std::uint64_t seed = 0) : timing_(timing), seed_(seed) {}

  enum class Due : std::uint8_t { no, soon, now };
  // soon: about a second before, once. A tick for the same moment again is due again.
  Due at(std::uint64_t realtime_ns);

 private:
  void plan(std::uint64_t realtime_ns);

  Timing timing_;
  std::uint64_t seed_;
  std::uint64_t last_ns_ = 0, next_ns_ = 0;
  std::uint64_t unjittered_ns_ = 0;
  bool told_soon_ = false;
};

}  // namespace hostmeter::contract::telegraf
