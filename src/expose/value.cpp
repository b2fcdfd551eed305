#include "expose/value.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <string_view>

namespace hostmeter::expose {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000, kNsPerMicrosecond = 1'000;

char* write_integer(char* out, std::uint64_t value) {
  return std::to_chars(out, out + kLongestValue, value).ptr;
}

// value / 10^kDecimals as a decimal fraction. Digits come from the last to the first by a division
// the compiler knows; trailing zeros are then left out.
template <unsigned kDecimals>
char* write_fraction(char* out, std::uint64_t value) {
  constexpr std::uint64_t kUnit = kDecimals == 9 ? kNsPerSecond : kNsPerMicrosecond;
  out = write_integer(out, value / kUnit);
  auto rest = std::uint32_t(value % kUnit);
  if (rest == 0) return out;
  *out = '.';
  char* end = out;
  for (unsigned i = kDecimals; i > 0; --i, rest /= 10) {
    out[i] = char('0' + rest % 10);
    if (end == out && out[i] != '0') end = out + i;
  }
  return end + 1;
}

// Most doubles are whole numbers, which are written without looking for the shortest form.
char* write_real(char* out, double value) {
  constexpr double kMostExact = 9'007'199'254'740'992;  // 2^53
  if (value >= 0 && value < kMostExact && value == double(std::uint64_t(value)) &&
      !std::signbit(value))
    return write_integer(out, std::uint64_t(value));
  const auto write = [&](std::string_view word) { return std::ranges::copy(word, out).out; };
  if (std::isnan(value)) return write("NaN");
  if (std::isinf(value)) return write(value > 0 ? "+Inf" : "-Inf");
  return std::to_chars(out, out + kLongestValue, value).ptr;
}

}  // namespace

char* write_value(char* out, std::uint64_t value, Encoding encoding, std::uint64_t now_ns) {
  switch (encoding) {
    case Encoding::count:
      return write_integer(out, value);
    case Encoding::nanoseconds:
      return write_fraction<9>(out, value);
    case Encoding::microseconds:
      return write_fraction<3>(out, value);
    case Encoding::real:
      return write_real(out, std::bit_cast<double>(value));
    case Encoding::age:
      return write_fraction<9>(out, now_ns > value ? now_ns - value : 0);
  }
  return out;
}

}  // namespace hostmeter::expose
