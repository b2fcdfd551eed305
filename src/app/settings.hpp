// The settings a subcommand works with: file, then command line.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/arguments.hpp"
#include "config/settings.hpp"
#include "store/container_filter.hpp"

namespace hostmeter::app {

// All that is wrong, each with its place and mend, when anything is.
std::variant<config::Settings, std::vector<std::string>> load_settings(const Arguments& arguments);

// The same for a subcommand: what is wrong is in the log, and nothing is returned.
std::optional<config::Settings> settings_or_say(const Arguments& arguments);

// What load_settings reads, for a person: a file's name or "default configuration".
std::string file_in_force(const Arguments& arguments);

// Files and directories of the configuration, given or usual.
std::vector<std::string> all_files(const Arguments& arguments);

// Which containers [runtime] shows.
store::ContainerFilter container_filter(const config::Settings& settings);

// The word that [log] level and --log-level use.
std::string_view to_string(config::LogLevel level);

}  // namespace hostmeter::app
