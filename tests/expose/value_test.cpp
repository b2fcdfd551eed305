#include "expose/value.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <string>

using namespace hostmeter;

namespace {
std::string text(std::uint64_t value, Encoding encoding, std::uint64_t now = 0) {
  char buffer[expose::kLongestValue];
  return {buffer, expose::write_value(buffer, value, encoding, now)};
}
std::string real(double value) {
  return text(std::bit_cast<std::uint64_t>(value), Encoding::real);
}
constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();
}  // namespace

TEST_CASE("counts and bytes are written to the last digit") {
  CHECK(text(0, Encoding::count) == "0");
  CHECK(text(kMost, Encoding::count) == "18446744073709551615");
}

TEST_CASE("ns become seconds without loss") {
  CHECK(text(0, Encoding::nanoseconds) == "0");
  CHECK(text(1, Encoding::nanoseconds) == "0.000000001");
  CHECK(text(1'500'000'000, Encoding::nanoseconds) == "1.5");
  CHECK(text(2'000'000'010, Encoding::nanoseconds) == "2.00000001");
  CHECK(text(kMost, Encoding::nanoseconds) == "18446744073.709551615");
  CHECK(text(100'000'500, Encoding::microseconds) == "100000.5");
}

TEST_CASE("doubles are written so that they read back the same") {
  CHECK(real(0.1) == "0.1");
  CHECK(real(-40.5) == "-40.5");
  CHECK(real(std::nan("")) == "NaN");
  CHECK(real(-HUGE_VAL) == "-Inf");
  CHECK(real(-1.7976931348623157e308).size() <= expose::kLongestValue);
}

TEST_CASE("an age is the time since then, never negative") {
  CHECK(text(1'000'000'000, Encoding::age, 3'500'000'000) == "2.5");
  CHECK(text(2, Encoding::age, 1) == "0");
}
