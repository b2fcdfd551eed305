// A producer's pair of rings to the pump.
#pragma once
#include <atomic>
#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/unique_fd.hpp"
#include "hostmeter/base/clock.hpp"
#include "hostmeter/flow/facts/tick.hpp"
#include "hostmeter/flow/output.hpp"
#include "hostmeter/flow/ring.hpp"

namespace hostmeter::app {

// Wakes one thread that waits, from any other; rings before the waiting began are not lost.
class Doorbell {
 public:
  Doorbell();
  void ring() const;
  // True when it rang, false when the time was over.
  bool wait(std::uint64_t timeout_ns) const;

 private:
  base::UniqueFd event_;
};

struct Channel {
  Channel(std::string ring, std::size_t record_slots, std::size_t news_slots)
      : name(std::move(ring)), records(record_slots), news(news_slots) {}

  std::string name;
  Ring<Record> records;
  Ring<News> news;
  std::atomic<std::uint64_t> dropped{0};       // Records that the ring did not take
  std::atomic<std::uint64_t> news_delayed{0};  // ticks whose News had to wait for the next
  // Set by the pump: the next tick is to have all; it misses what its source should have told.
  std::atomic<bool> wants_resend{false}, doubts{false};
};

// What every producing end does when there is no room: it waits, boundedly, and keeps its News.
class RingEnd : public Output {
 protected:
  // longest_wait_ns: until waited_ns_ is set back, for all that is sent together.
  RingEnd(Channel& channel, const Doorbell& pump, const Clock& clock, std::uint64_t longest_wait_ns)
      : channel_(channel), pump_(pump), clock_(clock), longest_wait_ns_(longest_wait_ns) {}

  // False: it has waited for long enough.
  bool wait_for_pump();
  // False: some is left.
  bool flush_pending();

  Channel& channel_;
  const Doorbell& pump_;
  std::deque<News> pending_;  // News is never lost: what a full ring did not take waits here
  std::uint64_t waited_ns_ = 0;

 private:
  const Clock& clock_;
  const std::uint64_t longest_wait_ns_;
};

// The producing end of who has ticks. The full-ring rule: wait, boundedly, for the pump; then
// abandon the tick. What was sent of it is never published, and its mark always finds the slot kept
// for it. Figures of who is gone are not read a second time: they are sent again by the next tick,
// until one is whole.
class RingOutput final : public RingEnd {
 public:
  // longest_wait_ns: in one tick, for all its Records together.
  RingOutput(Channel& channel, const Doorbell& pump, const Clock& clock,
             std::uint64_t longest_wait_ns)
      : RingEnd(channel, pump, clock, longest_wait_ns) {}

  void send(const Record& record) override;
  void send(NewsItem item) override;
  using Output::send;

  // Whether the pump has asked for all since the last call.
  bool take_wants_resend() { return channel_.wants_resend.exchange(false); }

  // Ends the tick: sends its mark and wakes the pump. True when the tick is whole.
  bool end_tick(Facts<TickField> mark);

 private:
  bool is_last_of_gone(const Record&) const;
  void keep(const Record&);
  void push(const Record&);
  bool wait_for_news();

  std::size_t sent_ = 0;  // Records of this tick
  bool abandoned_ = false;
  std::unordered_set<std::uint64_t> gone_;  // since the last whole tick
  std::vector<Record> kept_;                // about those, and others that are final
  std::size_t not_kept_ = 0;                // in this tick: lost if it is abandoned
  bool resend_due_ = false;
};

}  // namespace hostmeter::app
