// Inputs that measure the host.
#pragma once
#include "config/telegraf/common_options.hpp"

namespace hostmeter::config::telegraf {

// Reads [[inputs.NAME]] for a name of these inputs; false for any other.
bool read_host_input(const toml::table& table, Input& input, Report& report);

std::span<const std::string_view> host_input_names();

}  // namespace hostmeter::config::telegraf
