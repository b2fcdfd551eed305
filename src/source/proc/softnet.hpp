#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/softnet.hpp"

namespace hostmeter::source::proc {

struct SoftnetLine {
  Facts<Softnet> facts;
  std::optional<std::uint64_t> cpu;  // not said before Linux 5.10
};

// One line of /proc/net/softnet_stat: hexadecimal columns, of which old kernels have fewer.
Result<SoftnetLine> parse_softnet_line(std::string_view line);

}  // namespace hostmeter::source::proc
