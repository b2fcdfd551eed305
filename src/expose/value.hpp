// A value on its way out: the one place where ns become seconds.
#pragma once
#include <cstddef>
#include <cstdint>

#include "hostmeter/metric/desc.hpp"

namespace hostmeter::expose {

// No value is longer: "-1.7976931348623157e+308", "18446744073.709551615".
inline constexpr std::size_t kLongestValue = 32;

// Writes value as Prometheus text into out and returns the end. Exact: ns keep all nine decimals
// (trailing zeros are left out), doubles the shortest form that reads back the same. now_ns: on the
// monotonic clock, for ages.
char* write_value(char* out, std::uint64_t value, Encoding encoding, std::uint64_t now_ns);

}  // namespace hostmeter::expose
