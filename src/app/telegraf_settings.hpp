// A telegraf.conf as settings of ours: what has to be measured and run for what it serves.
#pragma once
#include "config/settings.hpp"
#include "config/telegraf/conf_files.hpp"

namespace hostmeter::app {

// Finds the executables of inputs.exec and gives each a name of its own. Globs are taken apart
// here, as the files are now; what cannot be run is taken out, and said as lost.
void find_commands(config::telegraf::Loaded& loaded);

// Commands must have been found.
config::Settings settings_for(const config::telegraf::Settings& conf);

}  // namespace hostmeter::app
