#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/vmstat.hpp"

namespace hostmeter::source::proc {

Result<Facts<Vmstat>> parse_vmstat(std::string_view text);

}  // namespace hostmeter::source::proc
