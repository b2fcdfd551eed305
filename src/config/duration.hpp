// Lengths of time as an operator writes them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hostmeter::config {

// "500ms", "1s", "1.5s", "2m", "1h30m" in ns; nothing when it is not one or does not fit. Units:
// us, ms, s, m, h. Exact: more digits than the unit has nanoseconds are refused.
std::optional<std::uint64_t> parse_duration(std::string_view text);

// The shortest way to write a whole number of microseconds: "64us", "500ms", "1s", "5m".
std::string write_duration(std::uint64_t ns);

}  // namespace hostmeter::config
