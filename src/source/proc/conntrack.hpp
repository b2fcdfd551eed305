#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/conntrack.hpp"

namespace hostmeter::source::proc {

// /proc/net/stat/nf_conntrack: a line of names, then a line of hexadecimal columns for each CPU,
// which are summed. entries and entries_limit are not set: they come from elsewhere.
Result<Facts<Conntrack>> parse_conntrack_stat(std::string_view text);

}  // namespace hostmeter::source::proc
