#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/pressure.hpp"

namespace hostmeter::source::proc {

// Time stalled since boot. A kernel leaves out the line that makes no sense for the resource.
struct StallTotals {
  std::optional<std::uint64_t> some_ns, full_ns;
};

// "some avg10=0.47 avg60=1.64 avg300=1.08 total=13331817" (µs) and the same for full.
Result<StallTotals> parse_stall_totals(std::string_view text);

}  // namespace hostmeter::source::proc
