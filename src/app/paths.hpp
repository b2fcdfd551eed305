// Where the host is that we read.
#pragma once
#include <string>

#include "source/host.hpp"

namespace hostmeter::app {

struct Paths {
  std::string root = "/";
  std::string procfs{}, sysfs{};  // empty: proc and sys below root
  // On the command line, be it as it is without.
  bool root_is_given = false, procfs_is_given = false, sysfs_is_given = false;
};

// Fills host. Empty when all went well, else the reason and the mend.
std::string open_host(const Paths& paths, source::Host& host);

}  // namespace hostmeter::app
