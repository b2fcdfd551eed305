// Telling a telegraf.conf from a configuration of ours.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "config/reading.hpp"

namespace hostmeter::config {

// Where a file of ours is looked for: it is read as a telegraf.conf by its headers.
inline constexpr const char* kIsTelegraf =
    "has tables of a telegraf.conf; write [agent], [[inputs.NAME]] and [[outputs.NAME]] above "
    "their "
    "options, so that it is read as one";

// The problem with a file that has tables of a telegraf.conf; nothing when it has none.
std::optional<Problem> find_telegraf(const toml::table& root);

// The same for text that is not even TOML (telegraf replaces ${NAME} before parsing): the headers
// of its tables are all of a telegraf.conf.
bool looks_like_telegraf(std::string_view text);

// The same for a file; false for one that cannot be read.
bool is_telegraf_file(const std::string& path);

}  // namespace hostmeter::config
