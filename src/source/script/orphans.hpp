// Killing whole trees of processes where no PID namespace does it.
#pragma once
#include <sys/types.h>

#include <span>
#include <vector>

namespace hostmeter::source::script {

// The children of a process of ours, whichever of its threads started them.
std::vector<pid_t> children_of(pid_t parent);

// All that is below us but these children and what is below them: stopped first, so that none can
// start another, then killed and reaped. A process that cannot die yet is left for the next call.
void kill_orphans(std::span<const pid_t> but);

}  // namespace hostmeter::source::script
