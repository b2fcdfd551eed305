#include "source/script/rhythm.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using hostmeter::source::script::Rhythm;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kMinute = 60 * kSecond;

// Goes on from the time it is due.
std::uint64_t next(Rhythm& rhythm) {
  CHECK(rhythm.go_on(rhythm.due_ns()) == 0);
  return rhythm.due_ns();
}

}  // namespace

TEST_CASE("the first run comes soon, the others at a place that the name decides") {
  Rhythm rhythm("disk", kMinute), later("disk", kMinute);
  rhythm.begin(1'000 * kSecond, 10 * kSecond);
  CHECK(rhythm.due_ns() >= 1'000 * kSecond);
  CHECK(rhythm.due_ns() < 1'010 * kSecond);
  const std::uint64_t first = rhythm.due_ns(), second = next(rhythm), third = next(rhythm);
  CHECK(second - first >= kMinute / 2);
  CHECK(third - second == kMinute);
  later.begin(54'321 * kSecond, 10 * kSecond);  // after a restart
  next(later);
  CHECK(later.due_ns() % kMinute == third % kMinute);
}

TEST_CASE("many scripts are spread over the interval") {
  std::vector<std::uint64_t> places;
  for (int i = 0; i < 100; ++i) {
    Rhythm rhythm("check_" + std::to_string(i), kMinute);
    rhythm.begin(0, 0);
    places.push_back(next(rhythm) % kMinute);
  }
  std::sort(places.begin(), places.end());
  for (std::size_t i = 10; i < places.size(); ++i)
    CHECK(places[i] - places[i - 10] > kSecond / 2);  // never ten in half a second
  CHECK(places.front() < 5 * kSecond);
  CHECK(places.back() > 55 * kSecond);
}

TEST_CASE("what was due while nobody looked is lost, not made up for") {
  Rhythm rhythm("disk", kMinute);
  rhythm.begin(1'000 * kSecond, 0);
  const std::uint64_t due = next(rhythm);
  CHECK_FALSE(rhythm.is_due(due - 1));
  CHECK(rhythm.is_due(due + 10 * kMinute));
  CHECK(rhythm.go_on(due + 10 * kMinute + kSecond) == 10);
  CHECK(rhythm.due_ns() > due + 10 * kMinute + kSecond);
  CHECK(rhythm.due_ns() <= due + 12 * kMinute);
  CHECK((rhythm.due_ns() - due) % kMinute == 0);
}

TEST_CASE("failures in a row space the runs, up to a bound, and one success ends that") {
  Rhythm rhythm("disk", kMinute);
  rhythm.begin(1'000 * kSecond, 0);
  next(rhythm);
  std::vector<std::uint64_t> minutes;
  for (int i = 0; i < 8; ++i) {
    const std::uint64_t ran = rhythm.due_ns();
    next(rhythm);
    rhythm.failed(ran + kSecond);
    minutes.push_back((rhythm.due_ns() - ran) / kMinute);
    CHECK(rhythm.is_open() == (i >= 2));
  }
  CHECK(minutes == std::vector<std::uint64_t>{1, 1, 2, 4, 8, 8, 8, 8});
  const std::uint64_t ran = rhythm.due_ns();
  next(rhythm);
  rhythm.succeeded();
  CHECK_FALSE(rhythm.is_open());
  CHECK(rhythm.due_ns() - ran == kMinute);
}

TEST_CASE("the breaker leaves no more than an hour between runs, unless they are seldom anyway") {
  for (const std::uint64_t minutes : {20U, 24U * 60U}) {
    Rhythm rhythm("disk", minutes * kMinute);
    rhythm.begin(1'000 * kSecond, 0);
    for (int i = 0; i < 20; ++i) rhythm.failed(rhythm.due_ns());
    CHECK(rhythm.spacing_ns() == std::max<std::uint64_t>(minutes, 60) * kMinute);
  }
}

TEST_CASE("a script that was edited is due when it is said, and its failures are another's") {
  Rhythm rhythm("disk", kMinute);
  rhythm.begin(1'000 * kSecond, 0);
  for (int i = 0; i < 5; ++i) rhythm.failed(1'000 * kSecond);
  rhythm.begin_anew(1'234 * kSecond);
  CHECK(rhythm.due_ns() == 1'234 * kSecond);
  CHECK_FALSE(rhythm.is_open());
}
