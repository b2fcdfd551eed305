// What a plugin of Nagios prints: "text | label=value[unit];warn;crit;min;max …", then more text,
// and behind another '|' more figures.
#pragma once
#include <string_view>

#include "parse/measurement.hpp"

namespace hostmeter::parse {

struct NagiosLimits {
  std::size_t line = 64U << 10;  // bytes
};

// As Telegraf: each figure is a measurement "nagios" with tags perfdata and unit, and
// "nagios_state" has the exit status (3 when the plugin did not exit) and the texts. A range says
// when to warn: outside of it (warning_lt, warning_gt), with '@' inside of it (warning_le,
// warning_ge). What is unbounded is an infinity.
void parse_nagios(std::string_view text, int exit_status, NagiosLimits limits,
                  MeasurementSink& sink);

}  // namespace hostmeter::parse
