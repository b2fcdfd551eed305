// What a walk program is told of this kernel and of the hierarchy before it is loaded.
#pragma once
#include "hostmeter/wire/walk_setup.h"
#include "source/bpf/kernel_types.hpp"
#include "source/cgroup/hierarchies.hpp"
#include "source/host.hpp"

namespace hostmeter::source::bpf {

// What cannot be found out for certain is left out of the walk.
wire_walk_setup make_walk_setup(const KernelTypes&, const Host&, const cgroup::Hierarchy&);

// Of the controllers of a hierarchy those that a walk reads: a bit for each wire_walk_controller.
std::uint32_t walked_controllers(const cgroup::Hierarchy&);

}  // namespace hostmeter::source::bpf
