#include "source/proc/pace.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hostmeter;
using source::proc::Moments;
using source::proc::Pace;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

// Of ticks from second 100 on, those at which it is due.
template <class Due>
std::vector<std::uint64_t> due_at(const Moments& moments, std::uint64_t until, Due due) {
  Pace pace(moments);
  std::vector<std::uint64_t> seconds;
  for (std::uint64_t second = 100; second <= until; ++second)
    if (due(pace, source::Tick{.realtime_ns = second * kSecond})) seconds.push_back(second);
  return seconds;
}
const auto kNow = [](Pace& pace, const source::Tick& tick) { return pace.due(tick); };
const auto kSoon = [](Pace& pace, const source::Tick& tick) { return pace.due_soon(tick); };

using Seconds = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("at the first tick, then at multiples of the interval") {
  CHECK(due_at({{.interval_ns = 15 * kSecond}}, 136, kNow) == Seconds{100, 105, 120, 135});
}

TEST_CASE("an offset moves the moments, and without rounding they follow the first tick") {
  CHECK(due_at({{.interval_ns = 15 * kSecond, .offset_ns = 2 * kSecond}}, 136, kNow) ==
        Seconds{100, 107, 122});
  CHECK(due_at({{.interval_ns = 15 * kSecond, .rounded = false}}, 136, kNow) ==
        Seconds{100, 115, 130});
  CHECK(due_at({{.interval_ns = 15 * kSecond, .offset_ns = 5 * kSecond, .rounded = false}}, 136,
               kNow) == Seconds{100, 105, 120, 135});
}

TEST_CASE("of several who ask each has its moments") {
  const Moments two{{.interval_ns = 10 * kSecond}, {.interval_ns = 15 * kSecond}};
  CHECK(due_at(two, 126, kNow) == Seconds{100, 105, 110, 120});
  CHECK(due_at(two, 126, kSoon) == Seconds{100, 104, 109, 119});
}

TEST_CASE("what takes a tick to answer is due a tick before") {
  CHECK(due_at({{.interval_ns = 15 * kSecond}}, 136, kSoon) == Seconds{100, 104, 119, 134});
  CHECK(due_at({{.interval_ns = kSecond}}, 103, kSoon) == Seconds{100, 101, 102, 103});
}

TEST_CASE("a clock that is set makes it due once, not for ever") {
  Pace pace(Moments{{.interval_ns = 15 * kSecond}});
  CHECK(pace.due({.realtime_ns = 100 * kSecond}));
  CHECK(pace.due({.realtime_ns = 10 * kSecond}));
  CHECK_FALSE(pace.due({.realtime_ns = 11 * kSecond}));
  CHECK(pace.due({.realtime_ns = 1'000'000 * kSecond}));
  CHECK_FALSE(pace.due({.realtime_ns = 1'000'001 * kSecond}));
}
