// A configuration file as it is.
#pragma once
#include <string>

#include "hostmeter/base/result.hpp"

namespace hostmeter::config {

// The text of a file, of at most one byte more than `most`. Never waits for a pipe.
Result<std::string> read_whole(const std::string& path, std::size_t most);

}  // namespace hostmeter::config
