#pragma once
#include <string_view>
#include <vector>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/users.hpp"

namespace hostmeter::source::proc {

// names: room to work in. EBADMSG: no whole number of records.
Result<Facts<Users>> parse_utmp(std::string_view bytes, std::vector<std::string_view>& names);

}  // namespace hostmeter::source::proc
