// Names of systemd's units.
#pragma once
#include <string>
#include <string_view>

namespace hostmeter::source {

// What was escaped: systemd writes bytes that would have a meaning in a unit's name as "\x2d", in
// lower case (systemd-escape(1)). Anything else that has a backslash stays as it is.
std::string unescaped_unit(std::string_view name);

}  // namespace hostmeter::source
