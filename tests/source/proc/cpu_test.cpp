#include "source/proc/cpu.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using source::proc::IdleClock;
using source::proc::parse_cpu_times;

namespace {
constexpr std::uint64_t kTick = 10'000'000;  // USER_HZ 100
}

TEST_CASE("ticks become nanoseconds, column by column") {
  const auto times = parse_cpu_times("2215 1 1509 143496 168 2 7 106 30 4", kTick);
  REQUIRE(times);
  CHECK(times->get(Cpu::user) == 22'150'000'000);
  CHECK(times->get(Cpu::idle) == 1'434'960'000'000);
  CHECK(times->get(Cpu::steal) == 1'060'000'000);
  CHECK(times->get(Cpu::guest_nice) == 40'000'000);
}

TEST_CASE("guest columns that are not there are absent, not 0") {
  const auto times = parse_cpu_times("1 2 3 4 5 6 7 8", kTick);
  REQUIRE(times);
  CHECK(times->get(Cpu::steal) == 80'000'000);
  CHECK_FALSE(times->get(Cpu::guest));
}

TEST_CASE("damaged CPU times are refused") {
  for (const char* columns :
       {"", "1 2 3 4 5 6 7", "1 2 3 -4 5 6 7 8 9 10", "1 2 3 4 5 6 7 8 x 10",
        "18446744073709551615 2 3 4 5 6 7 8", "99999999999999999999999 2 3 4 5 6 7 8"}) {
    CAPTURE(columns);
    CHECK_FALSE(parse_cpu_times(columns, kTick));
  }
}

TEST_CASE("idle time that steps back a little is held, and follows again once it has caught up") {
  IdleClock clock;
  const auto seen = [&](std::uint64_t idle, std::uint64_t user) {
    Facts<Cpu> times;
    times.set(Cpu::idle, idle);
    times.set(Cpu::user, user);
    clock.hold(times);
    CHECK(times.get(Cpu::user) == user);
    return times.get(Cpu::idle).value();
  };
  CHECK(seen(100 * kTick, 7) == 100 * kTick);
  CHECK(seen(99 * kTick, 5) == 100 * kTick);
  CHECK(seen(98 * kTick, 5) == 100 * kTick);
  CHECK(seen(101 * kTick, 5) == 101 * kTick);
}

TEST_CASE("idle time of a CPU that comes back from offline starts again") {
  IdleClock clock;
  Facts<Cpu> times;
  times.set(Cpu::iowait, 1000 * kTick);
  clock.hold(times);
  times.set(Cpu::iowait, 5 * kTick);
  clock.hold(times);
  CHECK(times.get(Cpu::iowait) == 5 * kTick);
}
