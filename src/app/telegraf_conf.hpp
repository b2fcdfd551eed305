// A telegraf.conf in the place of a configuration of ours.
#pragma once
#include <optional>

#include "app/arguments.hpp"
#include "config/telegraf/conf_files.hpp"

namespace hostmeter::app {

// What it says, with the variables of our environment; nothing where --config is no telegraf.conf
// and no --config-directory is given.
std::optional<config::telegraf::Loaded> load_telegraf(const Arguments& arguments);

// What it asks for that is not done as it says, one line for each, and how much of it is taken.
std::vector<std::string> telegraf_findings(const config::telegraf::Loaded& loaded);

}  // namespace hostmeter::app
