// Any input of a telegraf.conf.
#pragma once
#include "config/telegraf/common_options.hpp"

namespace hostmeter::config::telegraf {

// Reads the table of an input; nothing when all of it is lost, and that is said.
std::optional<Input> read_input(std::string_view name, const toml::table& table, Report& report);

bool is_input(std::string_view name);

// Says that an input is not here, by the name it has and where that is.
void say_lost_input(std::string_view name, const toml::source_position& at, Report& report);

}  // namespace hostmeter::config::telegraf
