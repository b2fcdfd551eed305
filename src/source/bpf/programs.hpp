// What the kernel says of loaded programs.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "source/bpf/rights.hpp"

namespace hostmeter::source::bpf {

// Events that these programs, by descriptor, did not see because one of them was running on that
// CPU. Nothing before 5.12, which does not count them.
std::optional<std::uint64_t> recursion_misses(std::span<const int> programs, UseRights&);

}  // namespace hostmeter::source::bpf
