#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/loadavg.hpp"

namespace hostmeter::source::proc {

// "0.52 0.58 0.59 1/723 9871": three load averages, then what we do not need.
Result<Facts<Loadavg>> parse_loadavg(std::string_view text);

}  // namespace hostmeter::source::proc
