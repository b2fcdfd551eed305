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

// value / unit as a decimal fraction; unit is a power of ten.
char* write_fraction(char* out, std::uint64_t value, std::uint64_t unit) {
  out = write_integer(out, value / unit);
  std::uint64_t rest = value % unit;
  if (rest == 0) return out;
  *out++ = '.';
  while (rest != 0) {
    unit /= 10;
    *out++ = char('0' + rest / unit);
    rest %= unit;
  }
  return out;
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
      return write_fraction(out, value, kNsPerSecond);
    case Encoding::microseconds:
      return write_fraction(out, value, kNsPerMicrosecond);
    case Encoding::real:
      return write_real(out, std::bit_cast<double>(value));
    case Encoding::age:
      return write_fraction(out, now_ns > value ? now_ns - value : 0, kNsPerSecond);
  }
  return out;
}

}  // namespace hostmeter::expose
