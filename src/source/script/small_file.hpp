// Writing files of the kernel.
#pragma once
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"

namespace hostmeter::source::script {

// In one write, as these files want it.
std::optional<Error> write_file(int dir, const char* name, std::string_view text);

}  // namespace hostmeter::source::script
