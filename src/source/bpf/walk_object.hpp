// The walk programs of bpf/ in the kernel.
#pragma once
#include <memory>

#include "source/bpf/options.hpp"
#include "source/bpf/walk_table.hpp"
#include "source/cgroup/hierarchies.hpp"
#include "source/host.hpp"

namespace hostmeter::source::bpf {

// A walk over the cgroups from the directory of the hierarchy down, on the best rung that the
// kernel has and lets us load; it ends with the object. An error says why there is none.
Result<std::unique_ptr<WalkTable>> load_walk(const Host&, const cgroup::Hierarchy&, const Options&);

// On that rung and no other.
Result<std::unique_ptr<WalkTable>> load_walk_on(Rung, const Host&, const cgroup::Hierarchy&,
                                                const Options&);

}  // namespace hostmeter::source::bpf
