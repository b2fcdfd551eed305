// The log: stderr, a line each, with time and level.
#pragma once
#include <string>
#include <string_view>

namespace hostmeter::app {

// debug, info, warning or error.
void start_log(std::string_view level);

// A warning that is told whatever the level is.
void warn_always(const std::string& line);

}  // namespace hostmeter::app
