// Waiting that another thread can end.
#pragma once
#include <poll.h>

#include <atomic>
#include <cstdint>
#include <span>

#include "base/unique_fd.hpp"
#include "hostmeter/base/clock.hpp"

namespace hostmeter::source {

// Ends all waiting, from any thread and for good.
class Interrupt {
 public:
  Interrupt();
  void raise();
  bool is_raised() const { return raised_.load(std::memory_order_acquire); }
  pollfd waiting() const { return {event_.get(), POLLIN, 0}; }  // readable once raised

 private:
  base::UniqueFd event_;
  std::atomic<bool> raised_{false};
};

// Waits for any of these, or until then; what poll() returns.
int poll_until(std::span<pollfd> waits, std::uint64_t monotonic_ns, const Clock& clock);

// Waits until then, or until interrupted. False when it was interrupted.
bool sleep_until(std::uint64_t monotonic_ns, const Clock& clock, const Interrupt& interrupt);

}  // namespace hostmeter::source
