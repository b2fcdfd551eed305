// Settings of the network readers.
#pragma once
#include "base/glob_filter.hpp"
#include "source/cgroup/activity.hpp"

namespace hostmeter::source::net {

struct Options {
  base::GlobFilter host_interfaces{};
  // cAdvisor's default, and what the kernel's tunnel modules put into every netns unasked.
  base::GlobFilter container_interfaces{
      {},
      {"lo", "veth*", "docker*", "nerdctl*", "tunl0", "sit0", "gre0", "gretap0", "erspan0",
       "ip_vti0", "ip6_vti0", "ip6tnl0", "ip6gre0"}};
  // Show the host's end of a container's own veth among the host's devices too.
  bool show_container_veths = false;
  // Which containers did nothing of late. Null: any of them may have.
  const cgroup::Activity* activity = nullptr;
};

}  // namespace hostmeter::source::net
