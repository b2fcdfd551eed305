#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/meminfo.hpp"

namespace hostmeter::source::proc {

// "Active(anon):  1560 kB", or without a unit where pages are counted.
Result<Facts<Meminfo>> parse_meminfo(std::string_view text);

}  // namespace hostmeter::source::proc
