#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/stat.hpp"

namespace hostmeter::source::proc {

// The lines of /proc/stat that are not about one CPU.
Result<Facts<Stat>> parse_stat(std::string_view text);

}  // namespace hostmeter::source::proc
