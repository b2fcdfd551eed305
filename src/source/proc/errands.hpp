// Asking drivers, where an answer may never come.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/dir.hpp"
#include "base/kernel_file.hpp"
#include "hostmeter/base/clock.hpp"

namespace hostmeter::source::proc {

// How long to leave a driver alone whose answer cost so much, as others wait for it too. Bounded:
// its last answer stands meanwhile.
constexpr std::uint64_t rest_after(std::uint64_t cost_ns) {
  constexpr std::uint64_t kSlowNs = 10'000'000, kRestPerCost = 100, kLongestNs = 60'000'000'000;
  if (cost_ns <= kSlowNs) return 0;
  return cost_ns < kLongestNs / kRestPerCost ? cost_ns * kRestPerCost : kLongestNs;
}

// One thing to ask, again and again. The sampler sends it, a thread runs it, the sampler takes it
// back; while it is away nobody but run() may touch what run() writes.
class Errand {
 public:
  virtual ~Errand() = default;

 protected:
  // Blocks as long as a driver likes, and may still do so when all else has ended: it reads only
  // what the errand owns.
  virtual void run(base::Buffer&) = 0;

 private:
  friend class Errands;
  enum class State : std::uint8_t { home, queued, running, given_up, back };
  std::atomic<State> state_ = State::home;
  std::uint64_t sent_ns_ = 0, began_ns_ = 0;
  std::uint64_t cost_ns_ = 0;
};

// Between the sampler, which sends errands and owns the time, and the threads that run them. A
// driver may hang for ever and a read of its file cannot be cancelled, so one thread runs one
// errand at a time, and when that takes too long it is given up and another thread goes on with the
// rest. At most most_stuck threads are ever given up. The lock is never held while one runs.
//
// The program lends threads as to StatfsWorkers: `if (errands->start_one())` a detached thread on
// run(), which holds a shared_ptr to this.
class Errands {
 public:
  struct Options {
    std::uint64_t limit_ns = 5'000'000'000;
    std::uint64_t patience_ns = 30'000'000'000;  // the longest wait for a thread to be free
    unsigned most_stuck = 4;
    bool threads = true;  // false: nothing can hang (a recorded host), send() runs the errand
  };

  // The clock only says what an errand cost.
  Errands(const Options& options, std::shared_ptr<const Clock> clock)
      : options_(options), clock_(std::move(clock)) {}

  // Sampler, at every tick, before it sends or takes back.
  void tick(std::uint64_t monotonic_ns);
  // Sampler. Nothing happens when it is away already.
  void send(const std::shared_ptr<Errand>&);
  // Sampler. True once for each that was sent: it has run, and what it wrote is the caller's.
  bool take_back(Errand&);
  // It was given up, or no thread was free for too long: what it told last is no longer true.
  bool is_overdue(const Errand&) const;
  // Of the last run. Not while it is away.
  static std::uint64_t cost_ns(const Errand& errand) { return errand.cost_ns_; }

  // True: a thread on run() is wanted and counted as started; say so if it could not be.
  bool start_one();
  void start_failed();
  // The body of a thread: until stop(), or until it has been replaced.
  void run();
  // Makes run() return, but for a thread that is stuck.
  void stop();

  // Whether none is away, but for those given up.
  bool settled() const;
  unsigned stuck() const;  // threads given up and not back

 private:
  void run_one(Errand&, base::Buffer&) const;
  bool finish(Errand&);
  bool has_queued() const { return next_ < queue_.size(); }
  std::shared_ptr<Errand> take_queued();
  void trim_queue();

  const Options options_;
  const std::shared_ptr<const Clock> clock_;
  base::Buffer buffer_{4096};  // of send(), without threads
  mutable std::mutex lock_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Errand>> queue_;
  std::size_t next_ = 0;          // in queue_; what is before it was taken
  std::size_t trim_at_ = 64;      // its length at which it is trimmed next
  std::vector<Errand*> running_;  // one for each thread; the thread holds it
  std::uint64_t now_ns_ = 0;
  unsigned working_ = 0, stuck_ = 0;
  bool stopping_ = false;
};

// For where only files are read: errands run as they are sent, and cost what the clock says. The
// clock outlives what is made.
std::shared_ptr<Errands> errands_without_threads(const Clock&);

// The same directory for errands, which may outlive it.
std::shared_ptr<const base::Dir> share(const base::Dir&);

}  // namespace hostmeter::source::proc
