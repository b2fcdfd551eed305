#include "source/interrupt.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <stdexcept>

namespace hostmeter::source {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

}  // namespace

Interrupt::Interrupt() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw std::runtime_error("eventfd: out of file descriptors");
}

void Interrupt::raise() {
  raised_.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
}

int poll_until(std::span<pollfd> waits, std::uint64_t monotonic_ns, const Clock& clock) {
  const std::uint64_t now_ns = clock.monotonic_ns();
  const std::uint64_t left_ns = monotonic_ns > now_ns ? monotonic_ns - now_ns : 0;
  const timespec left{time_t(left_ns / kNsPerSecond), long(left_ns % kNsPerSecond)};
  return ::ppoll(waits.data(), waits.size(), &left, nullptr);
}

bool sleep_until(std::uint64_t monotonic_ns, const Clock& clock, const Interrupt& interrupt) {
  pollfd wait = interrupt.waiting();
  poll_until({&wait, 1}, monotonic_ns, clock);
  return !interrupt.is_raised();
}

}  // namespace hostmeter::source
