// A command line in the words that a shell would make of it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hostmeter::config::telegraf {

// Quotes and backslashes as in a POSIX shell, nothing else of it: no variables, no pipes. Nothing
// when a quote is not closed, or after a backslash nothing follows.
std::optional<std::vector<std::string>> command_words(std::string_view line);

}  // namespace hostmeter::config::telegraf
