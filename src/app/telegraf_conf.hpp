// A telegraf.conf in the place of a configuration of ours.
#pragma once
#include <optional>

#include "app/arguments.hpp"
#include "config/telegraf/conf_files.hpp"

namespace hostmeter::app {

// What it says, with the variables of our environment; nothing where --config is no telegraf.conf
// and no --config-directory is given.
std::optional<config::telegraf::Loaded> load_telegraf(const Arguments& arguments);

// Prints what would be served and what not; the exit status.
int check_telegraf(const config::telegraf::Loaded& loaded);

}  // namespace hostmeter::app
