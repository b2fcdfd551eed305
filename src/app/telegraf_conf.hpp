// A telegraf.conf in the place of a configuration of ours.
#pragma once
#include <optional>

#include "app/arguments.hpp"
#include "config/telegraf/conf_files.hpp"

namespace hostmeter::app {

// What it says, with the variables of our environment; nothing where no --config is a telegraf.conf
// and no --config-directory is given.
std::optional<config::telegraf::Loaded> load_telegraf(const Arguments& arguments);

// Where the host is: under a telegraf.conf, what is not given on the command line is where
// HOST_PROC, HOST_SYS, HOST_MOUNT_PREFIX and HOST_ROOT of the environment say.
Paths paths_of(const Arguments& arguments);

// What it asks for that is not done as it says, one line for each, and how much of it is taken.
std::vector<std::string> telegraf_findings(const config::telegraf::Loaded& loaded);

}  // namespace hostmeter::app
