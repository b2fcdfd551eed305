// Which system calls scripts are refused.
#pragma once
#include <linux/filter.h>

#include <array>
#include <optional>
#include <vector>

#include "hostmeter/base/result.hpp"
#include "source/script/request.hpp"

namespace hostmeter::source::script {

// Programs for another architecture than ours are killed. clone3 is ENOSYS, for what it asks for
// cannot be seen: C libraries fall back to clone.
class SeccompFilters {
 public:
  // Compiles one for every kind of run, which takes some milliseconds: not for each run.
  static Result<SeccompFilters> compile();

  // For good, in a process that has no_new_privs.
  std::optional<Error> restrict_to(const Allowances& allow) const;

 private:
  std::array<std::vector<sock_filter>, 4> programs_;  // by network and sockets
};

}  // namespace hostmeter::source::script
