// What we found on this host, in a few lines for a person.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/readers.hpp"
#include "app/sampler.hpp"

namespace hostmeter::app {

// "web1, Linux 6.1.0-56-amd64": of the machine we run on.
std::string kernel_line();

// "cgroup v2, 60 cgroups, 3 docker containers".
std::string cgroup_line(const Readers&);

// A hierarchy that is walked, and how.
struct Walked {
  std::string cgroups;           // where it is mounted
  std::string_view rung, flush;  // of source::bpf::WalkWay
};
std::vector<Walked> walked(const Readers&);

// After a tick, on the thread that made it.
std::vector<std::string> findings(const Readers& readers, const Sampler& sampler);

}  // namespace hostmeter::app
