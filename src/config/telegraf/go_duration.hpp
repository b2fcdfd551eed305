// Lengths of time as Telegraf reads them.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace hostmeter::config::telegraf {

// "15s", "1h30m", "1.5s", ".5s", "250ms", "10us", "1d" and "0" in ns; nothing when it is none, is
// negative or does not fit. What is less than a nanosecond is cut off.
std::optional<std::uint64_t> parse_go_duration(std::string_view text);

}  // namespace hostmeter::config::telegraf
