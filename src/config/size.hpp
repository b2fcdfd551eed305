// Sizes as an operator writes them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hostmeter::config {

// "512B", "64KiB", "128MiB", "2GiB" in bytes; nothing when it is not one or does not fit.
std::optional<std::uint64_t> parse_size(std::string_view text);

// In the largest unit that it is a whole number of.
std::string write_size(std::uint64_t bytes);

}  // namespace hostmeter::config
