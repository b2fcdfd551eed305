// /run/systemd/machines/NAME: what systemd-machined knows of a machine.
#pragma once
#include <optional>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/description.hpp"

namespace hostmeter::source::runtime {

// Nothing for virtual machines. The id is that of the cgroup's path, made from the machine's unit;
// the image is that of machinectl, the name of its directory below a "machines" one, which a
// machine that runs on a copy of its image does not tell. EBADMSG: no name or no unit.
Result<std::optional<Description>> describe_machine(std::string_view text);

}  // namespace hostmeter::source::runtime
