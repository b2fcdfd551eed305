// The log: stderr, a line each, with time and level.
#pragma once
#include <string_view>

namespace hostmeter::app {

// debug, info, warning or error.
void start_log(std::string_view level);

}  // namespace hostmeter::app
