// The split of CPU time into user and system, as the kernel shows it.
#pragma once
#include <cstdint>

namespace hostmeter::source::cgroup {

struct CpuSplit {
  std::uint64_t user_ns = 0, system_ns = 0;
};

// The kernel's cputime_adjust (kernel/sched/cputime.c): user and system are sampled at ticks, usage
// is exact, so usage is shared out in their proportion. before: what this said last, of the same
// cgroup; neither part ever goes back.
constexpr CpuSplit split(std::uint64_t usage_ns, std::uint64_t user_ticks_ns,
                         std::uint64_t system_ticks_ns, CpuSplit before) {
  __extension__ using Wide = unsigned __int128;
  if (before.user_ns + before.system_ns >= usage_ns) return before;
  std::uint64_t system = 0;
  if (user_ticks_ns == 0 && system_ticks_ns != 0)
    system = usage_ns;
  else if (system_ticks_ns != 0)
    system = std::uint64_t(Wide{system_ticks_ns} * usage_ns /
                           (Wide{user_ticks_ns} + Wide{system_ticks_ns}));
  if (system < before.system_ns) system = before.system_ns;
  std::uint64_t user = usage_ns - system;
  if (user < before.user_ns) {
    user = before.user_ns;
    system = usage_ns - user;
  }
  return {user, system};
}

}  // namespace hostmeter::source::cgroup
