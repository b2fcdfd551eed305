// The part of a recording that is the cgroup hierarchies.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tool/record/writer.hpp"

namespace hostmeter::tool {

// Mount points of the cgroup hierarchies in a mountinfo, relative to the root, each hierarchy once.
std::vector<std::string> cgroup_mounts(std::string_view mountinfo);

// Returns the process listed first in each cgroup below a root.
std::set<std::string> record_cgroups(const Sources&, Writer&);

}  // namespace hostmeter::tool
