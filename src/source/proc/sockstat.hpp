#pragma once
#include <cstdint>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/sockstat.hpp"

namespace hostmeter::source::proc {

// "TCP: inuse 1 orphan 0 tw 0 alloc 1 mem 16": adds what one file says to facts.
Result<Facts<Sockstat>> parse_sockstat(std::string_view text, std::uint64_t page_size,
                                       Facts<Sockstat> facts);

}  // namespace hostmeter::source::proc
