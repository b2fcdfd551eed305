// Whether a script sees a file of the host and may use it, and which setting would let it.
#pragma once
#include <string>
#include <vector>

#include "tool/script/denials.hpp"

namespace hostmeter::tool {

// Whether it is below a directory that is empty for scripts, but for what is allowed.
bool is_hidden(const std::string& path, const Evidence& evidence);

enum class Want { read, write };

// Nothing: it may, or there is no such file, or no setting is about it.
std::optional<Denial> why_not_used(const std::string& path, Want want, const Evidence& evidence,
                                   const LookAtHost& look);

// The absolute paths in a text, each once, in their order.
std::vector<std::string> paths_in(std::string_view text, std::size_t most);

}  // namespace hostmeter::tool
