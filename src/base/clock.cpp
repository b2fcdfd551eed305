#include "base/clock.hpp"

#include <ctime>

namespace hostmeter::base {
namespace {

std::uint64_t now(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::uint64_t(time.tv_sec) * 1'000'000'000U + std::uint64_t(time.tv_nsec);
}

}  // namespace

std::uint64_t SystemClock::realtime_ns() const {
  return now(CLOCK_REALTIME);
}
std::uint64_t SystemClock::monotonic_ns() const {
  return now(CLOCK_MONOTONIC);
}
std::uint64_t SystemClock::thread_cpu_ns() const {
  return now(CLOCK_THREAD_CPUTIME_ID);
}

}  // namespace hostmeter::base
