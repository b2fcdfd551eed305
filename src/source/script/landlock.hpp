// Rules about files, TCP and signals that a process puts on itself (Landlock, since Linux 5.13).
#pragma once
#include <optional>

#include "hostmeter/base/result.hpp"
#include "source/script/job.hpp"

namespace hostmeter::source::script {

// Files are written only where the run may, whatever their modes and mounts allow; no TCP without
// the network (ABI 4); no signals to others and no abstract sockets of theirs (ABI 6).
std::optional<Error> restrict_by_landlock(const Job& job);

}  // namespace hostmeter::source::script
