// Cgroups that runs of scripts have, each for its own few seconds.
#pragma once
#include <string_view>

namespace hostmeter::source::cgroup {

// Below the cgroup of an agent, or of a `hostmeter script run`: one directory for each run.
inline constexpr std::string_view kScripts = "hostmeter-scripts";
inline constexpr std::string_view kScriptByHand = "hostmeter-script-run";
inline constexpr std::string_view kRunPrefix = "run-";

// Whether it is such a run's, or below it: .../hostmeter-scripts/run-N. They are nobody's series,
// for there would be new ones without end; the cgroup above has their sums. It goes by the names,
// wherever they are: those of another agent are no different, and where our own cgroup is in the
// tree cannot be told from within a cgroup namespace.
bool is_script_run(std::string_view path);

}  // namespace hostmeter::source::cgroup
