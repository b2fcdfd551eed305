// Whether the kernel keeps counters of swap for its cgroups.
#pragma once
#include <optional>

#include "base/dir.hpp"

namespace hostmeter::source::bpf {

// Without CONFIG_SWAP, or by its command line, it does not: then their files are not there. Nothing
// while there is no cgroup with files of memory: the root of v2 has none.
std::optional<bool> keeps_swap_counters(const base::Dir& top, bool v2);

}  // namespace hostmeter::source::bpf
