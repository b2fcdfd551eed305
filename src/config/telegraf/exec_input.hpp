// [[inputs.exec]].
#pragma once
#include "config/telegraf/common_options.hpp"

namespace hostmeter::config::telegraf {

// False when the whole input is lost, and that is said.
bool read_exec(const toml::table& table, Input& input, Report& report);

}  // namespace hostmeter::config::telegraf
