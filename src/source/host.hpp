// The host that is read: its root, /proc and /sys, wherever they are mounted or recorded.
#pragma once
#include <string>

#include "base/dir.hpp"
#include "base/kernel_file.hpp"
#include "hostmeter/base/clock.hpp"
#include "hostmeter/flow/instances.hpp"

namespace hostmeter::source {

// Shared by the readers of one thread; outlives them all.
struct Host {
  base::Dir root, proc, sys;
  std::string net = "net";  // below proc: the host's own view; "1/net" when we are in another netns
  base::Buffer buffer;      // the one buffer every file of this thread is read into
  InstanceIds instances{0};  // numbers for this thread's instances
  const Clock* clock = nullptr;
  // False for a recorded tree: then only files speak, never netlink, BPF or system calls that
  // would answer for the machine we run on.
  bool live = true;
};

}  // namespace hostmeter::source
