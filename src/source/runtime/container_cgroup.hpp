// The cgroup of an engine's container: its path is the container's id in all that we show.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "hostmeter/flow/identity.hpp"

namespace hostmeter::source::runtime {

// From /proc/PID/cgroup of a process of it: the path down to the component that has the id, for
// processes may live in cgroups below that. Nothing when there is none: then the PID is another's.
std::optional<std::string> cgroup_with_id(std::string_view proc_cgroup, std::string_view id);

// Where the engine would put it, for one that does not run. parent: as the engine's --cgroup-parent
// or the container's own, empty for the default.
std::string usual_cgroup(Runtime runtime, std::string_view id, bool by_systemd,
                         std::string_view parent);

}  // namespace hostmeter::source::runtime
