// A driver that hangs, in the shape of a clock: errands ask it what time it is, on their thread.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "hostmeter/base/clock.hpp"
#include "source/proc/errands.hpp"
#include "source/reader.hpp"

namespace hostmeter::test {

class HangingClock final : public Clock {
 public:
  // What it says when it hung as an errand ended: the errand cost so much.
  static constexpr std::uint64_t kHung = 600'000'000'000;
  std::uint64_t realtime_ns() const override { return 0; }
  std::uint64_t thread_cpu_ns() const override { return 0; }
  std::uint64_t monotonic_ns() const override {
    std::unique_lock hold(lock_);
    if (!next_hangs_) return 0;
    next_hangs_ = false;
    hangs_ = true;
    moved_.wait(hold, [this] { return !hangs_; });
    return kHung;
  }
  // One thread: the next that asks.
  void hang() {
    const std::lock_guard hold(lock_);
    next_hangs_ = true;
  }
  void release() {
    const std::lock_guard hold(lock_);
    next_hangs_ = hangs_ = false;
    moved_.notify_all();
  }
  bool hangs() const {
    const std::lock_guard hold(lock_);
    return hangs_;
  }

 private:
  mutable std::mutex lock_;
  mutable std::condition_variable moved_;
  mutable bool next_hangs_ = false, hangs_ = false;
};

// The program around a reader that sends errands: ticks and threads.
struct ErrandProgram {
  std::shared_ptr<HangingClock> clock = std::make_shared<HangingClock>();
  std::shared_ptr<source::proc::Errands> errands = std::make_shared<source::proc::Errands>(
      source::proc::Errands::Options{.patience_ns = ~std::uint64_t{0}}, clock);
  std::vector<std::thread> threads;
  source::Tick tick;

  ~ErrandProgram() {
    errands->stop();
    clock->release();
    for (std::thread& thread : threads) thread.join();
  }
  // Whether it comes true as ticks go by.
  template <class Condition>
  bool until(source::Reader& reader, Output& out, Condition&& condition) {
    int late_ms = 0;
    for (int i = 0; i < 5000 && !condition(); ++i) {
      ++tick.number;
      tick.monotonic_ns += 50'000'000;
      reader.read(tick, out);
      if (errands->start_one()) threads.emplace_back([this] { errands->run(); });
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      // On a busy machine a thread is late: only what hangs may be overdue.
      for (; late_ms < 10'000 && !errands->settled() && !waits_for_limit(); ++late_ms)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return condition();
  }

 private:
  // One hangs, the only one, and has not been given up yet.
  bool waits_for_limit() const { return clock->hangs() && errands->stuck() == 0; }
};

}  // namespace hostmeter::test
