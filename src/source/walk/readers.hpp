// The readers of walks, in the place of those of files.
#pragma once
#include <vector>

#include "source/cgroup/readers.hpp"
#include "source/walk/walks.hpp"

namespace hostmeter::source::walk {

// Each of the readers whose hierarchies are walked becomes a reader of the walks; the others stay
// what they are, and their names are returned. The walks outlive the readers.
std::vector<std::string_view> use_walks(Walks&, cgroup::Readers& made, const cgroup::Options&);

}  // namespace hostmeter::source::walk
