#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/filefd.hpp"

namespace hostmeter::source::proc {

// "557\t0\t2466170": allocated, always 0, maximum.
Result<Facts<Filefd>> parse_file_nr(std::string_view text);

}  // namespace hostmeter::source::proc
