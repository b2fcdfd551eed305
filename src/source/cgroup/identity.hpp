// What made a cgroup and for whom, as told by its path.
#pragma once
#include <string_view>

#include "hostmeter/flow/identity.hpp"

namespace hostmeter::source::cgroup {

// path: hierarchy-relative, as /proc/PID/cgroup shows it ("/docker/0123…"). Never fails: what it
// does not know is CgroupKind::other. Inside containers the innermost one wins; what is nested
// carries its container's id, pod and runtime, but no name.
Identity identity_of(std::string_view path);

}  // namespace hostmeter::source::cgroup
