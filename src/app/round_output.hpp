// The producing end of a pair of rings whose producer has no ticks.
#pragma once
#include "app/channel.hpp"

namespace hostmeter::app {

// What a round sends may be read at any time: it is whole when all of it found room. When the rings
// stay full the rest of the round's Records are dropped and counted; News is never lost.
class RoundOutput final : public RingEnd {
 public:
  // longest_wait_ns: in one round, for all it sends together.
  RoundOutput(Channel& channel, const Doorbell& pump, const Clock& clock,
              std::uint64_t longest_wait_ns)
      : RingEnd(channel, pump, clock, longest_wait_ns) {}

  void send(const Record& record) override;
  void send(NewsItem item) override;
  using Output::send;

  // Wakes the pump if there is much for it: what is sent is shown with the next tick, which wakes
  // it. True when all that was sent since the last call arrived.
  bool end_round();

  // News that still waits for room. Nothing more should be asked for before it has found some.
  bool has_pending() const { return !pending_.empty(); }

 private:
  bool wait_for_news();

  bool cut_short_ = false;  // this round
};

}  // namespace hostmeter::app
