// How the kernel numbers cgroup hierarchies.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "source/cgroup/hierarchies.hpp"
#include "source/host.hpp"

namespace hostmeter::source::bpf {

// The kernel's numbers of the hierarchies, as /proc/PID/cgroup has them, in the order of
// Hierarchies. Nothing: one of them is not told of there. EBADMSG: a line is malformed.
Result<std::vector<std::uint32_t>> parse_hierarchy_numbers(std::string_view text,
                                                           const cgroup::Hierarchies&);
Result<std::vector<std::uint32_t>> hierarchy_numbers(Host&, const cgroup::Hierarchies&);

}  // namespace hostmeter::source::bpf
