// The tables of one file of a telegraf.conf, put in order.
#pragma once
#include "config/telegraf/report.hpp"

namespace hostmeter::config::telegraf {

// Whether a table at the top of a file makes it a telegraf.conf.
bool is_section(std::string_view table);

// Adds what one file says to what others said before, as Telegraf adds its files up: tables of
// plugins after one another, [agent] and [global_tags] option by option.
void read_sections(const Document& document, Settings& settings, Report& report);

}  // namespace hostmeter::config::telegraf
