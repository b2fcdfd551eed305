// Which system calls scripts are refused.
#pragma once
#include <optional>

#include "hostmeter/base/result.hpp"
#include "source/script/job.hpp"

namespace hostmeter::source::script {

// Programs for another architecture than ours are killed. clone3 is ENOSYS, for what it asks for
// cannot be seen: C libraries fall back to clone.
std::optional<Error> restrict_by_seccomp(const Allowances& allow);

}  // namespace hostmeter::source::script
