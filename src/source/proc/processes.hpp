#pragma once
#include <cstdint>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/processes.hpp"

namespace hostmeter::source::proc {

struct ProcessStat {
  char state = 0;
  std::uint64_t threads = 0;
};
// /proc/PID/stat.
Result<ProcessStat> parse_process_stat(std::string_view text);

// The field that counts processes in the state of this letter.
Processes field_of_state(char letter);

}  // namespace hostmeter::source::proc
