// The producing end of a pair of rings whose producer has no ticks.
#pragma once
#include <atomic>
#include <deque>

#include "app/channel.hpp"

namespace hostmeter::app {

// What a round sends may be read at any time: it is whole when all of it found room. When the rings
// stay full the rest of the round's Records are dropped and counted; News is never lost.
class RoundOutput final : public Output {
 public:
  // longest_wait_ns: in one round, for all it sends together.
  RoundOutput(Channel& channel, const Doorbell& pump, const Clock& clock,
              std::uint64_t longest_wait_ns)
      : channel_(channel), pump_(pump), clock_(clock), longest_wait_ns_(longest_wait_ns) {}

  void send(const Record& record) override;
  void send(NewsItem item) override;
  using Output::send;

  // Wakes the pump if there is anything for it. True when all that was sent since the last call
  // arrived.
  bool end_round();

  // News that still waits for room. Nothing more should be asked for before it has found some.
  bool has_pending() const { return !pending_.empty(); }

 private:
  bool flush_pending();
  bool wait_for_pump();
  bool wait_for_news();

  Channel& channel_;
  const Doorbell& pump_;
  const Clock& clock_;
  const std::uint64_t longest_wait_ns_;
  std::uint64_t waited_ns_ = 0;  // in this round
  bool sent_ = false, cut_short_ = false;
  std::deque<News> pending_;
};

}  // namespace hostmeter::app
