// Telling a telegraf.conf from a configuration of ours.
#pragma once
#include <optional>
#include <string_view>

#include "config/reading.hpp"

namespace hostmeter::config {

inline constexpr const char* kTelegrafLater =
    "this is a telegraf.conf; running one is for a later version of Hostmeter, so write a file "
    "with Hostmeter's own tables, or start without one";

// The problem with a file that has tables of a telegraf.conf; nothing when it has none.
std::optional<Problem> find_telegraf(const toml::table& root);

// The same for text that is not even TOML (telegraf replaces ${NAME} before parsing): the headers
// of its tables are all of a telegraf.conf.
bool looks_like_telegraf(std::string_view text);

}  // namespace hostmeter::config
