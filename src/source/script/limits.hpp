// What a process of a run may use, where no cgroup says so.
#pragma once
#include <optional>

#include "hostmeter/base/result.hpp"
#include "source/script/job.hpp"

namespace hostmeter::source::script {

std::optional<Error> set_rlimits(const Job& job);

// CPU and disks go to others first, and memory is taken from a script before it is from others.
std::optional<Error> lower_priority();

}  // namespace hostmeter::source::script
