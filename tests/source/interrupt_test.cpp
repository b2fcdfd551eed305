#include "source/interrupt.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "base/clock.hpp"

using namespace hostmeter;
using namespace hostmeter::source;

namespace {

const base::SystemClock kClock;
constexpr std::uint64_t kMinute = 60'000'000'000;

std::uint64_t in(std::uint64_t ns) {
  return kClock.monotonic_ns() + ns;
}

}  // namespace

TEST_CASE("who sleeps is woken by another thread, and does not sleep again") {
  Interrupt interrupt;
  CHECK(sleep_until(in(1'000), kClock, interrupt));
  CHECK(sleep_until(0, kClock, interrupt));
  std::thread other([&] { interrupt.raise(); });
  CHECK_FALSE(sleep_until(in(10 * kMinute), kClock, interrupt));
  other.join();
  CHECK(interrupt.is_raised());
  CHECK_FALSE(sleep_until(in(10 * kMinute), kClock, interrupt));
}

TEST_CASE("what is waited for ends the wait, and so does its time") {
  const Interrupt interrupt;
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const base::UniqueFd reading(ends[0]), writing(ends[1]);
  std::array<pollfd, 2> waits{interrupt.waiting(), {reading.get(), POLLIN, 0}};
  CHECK(poll_until(waits, in(1'000), kClock) == 0);
  REQUIRE(::write(writing.get(), "x", 1) == 1);
  CHECK(poll_until(waits, in(10 * kMinute), kClock) == 1);
  CHECK(waits[0].revents == 0);
  CHECK(waits[1].revents == POLLIN);
}
