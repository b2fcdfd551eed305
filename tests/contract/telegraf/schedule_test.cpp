#include "contract/telegraf/schedule.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::contract::telegraf;
using Due = Schedule::Due;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

// The seconds at which it gathered, ticks being a second apart.
std::vector<std::uint64_t> gathered(Schedule schedule, std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> seconds;
  for (std::uint64_t s = from; s <= to; ++s)
    if (schedule.at(s * kSecond) == Due::now) seconds.push_back(s);
  return seconds;
}

}  // namespace

TEST_CASE("rounded to multiples of the interval, and at the first tick") {
  CHECK(gathered(Schedule({.interval_ns = 15 * kSecond}), 1'000'004, 1'000'040) ==
        std::vector<std::uint64_t>{1'000'004, 1'000'005, 1'000'020, 1'000'035});
  CHECK(gathered(Schedule({.interval_ns = 15 * kSecond, .offset_ns = 2 * kSecond}), 30, 62) ==
        std::vector<std::uint64_t>{30, 32, 47, 62});
}

TEST_CASE("not rounded, it counts from the first") {
  CHECK(gathered(Schedule({.interval_ns = 10 * kSecond, .rounded = false}), 3, 30) ==
        std::vector<std::uint64_t>{3, 13, 23});
  const Timing timing{.interval_ns = 10 * kSecond, .rounded = false, .offset_ns = 4 * kSecond};
  CHECK(gathered(Schedule(timing), 3, 40) == std::vector<std::uint64_t>{3, 17, 27, 37});
}

TEST_CASE("an interval below the tick gathers at every tick") {
  CHECK(gathered(Schedule({.interval_ns = kSecond / 10}), 5, 8).size() == 4);
}

TEST_CASE("jitter comes on top, and does not add up") {
  const Timing timing{.interval_ns = 10 * kSecond, .jitter_ns = 5 * kSecond};
  const auto seconds = gathered(Schedule(timing, 7), 100, 200);
  CHECK(seconds.size() >= 9);
  CHECK(seconds.size() <= 11);
  for (std::size_t i = 1; i < seconds.size(); ++i) CHECK(seconds[i] % 10 <= 5);
}

TEST_CASE("about a second before, it says so once") {
  Schedule schedule({.interval_ns = 5 * kSecond});
  CHECK(schedule.at(10 * kSecond) == Due::now);
  CHECK(schedule.at(13 * kSecond) == Due::no);
  CHECK(schedule.at(14 * kSecond) == Due::soon);
  CHECK(schedule.at(14 * kSecond + 1) == Due::no);
  CHECK(schedule.at(15 * kSecond) == Due::now);
}

TEST_CASE(
    "a tick for the same moment is due again, and a clock that is set back holds up nothing") {
  Schedule schedule({.interval_ns = 15 * kSecond});
  CHECK(schedule.at(1000 * kSecond) == Due::now);
  CHECK(schedule.at(1000 * kSecond) == Due::now);
  CHECK(schedule.at(500 * kSecond) == Due::now);
  CHECK(schedule.at(501 * kSecond) == Due::no);
  CHECK(schedule.at(510 * kSecond) == Due::now);
}
