// Times as container engines write them: "2026-11-22T14:24:24.460474654Z", "…+01:00".
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace hostmeter::source::runtime {

// ns since 1970. Nothing for what is no time, before 1970 (engines write year 1 for "never") or
// after 2200.
std::optional<std::uint64_t> parse_rfc3339(std::string_view text);

}  // namespace hostmeter::source::runtime
