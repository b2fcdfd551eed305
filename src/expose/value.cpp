#include "expose/value.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

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

char* write_real(char* out, double value) {
  if (std::isnan(value)) return static_cast<char*>(std::memcpy(out, "NaN", 3)) + 3;
  if (std::isinf(value))
    return static_cast<char*>(std::memcpy(out, value > 0 ? "+Inf" : "-Inf", 4)) + 4;
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
