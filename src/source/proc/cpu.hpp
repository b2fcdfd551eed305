#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/cpu.hpp"

namespace hostmeter::source::proc {

// The columns of a "cpu0 …" line of /proc/stat after its name, in ticks of ns_per_tick. The guest
// columns may be missing. EBADMSG, ERANGE: no such line.
Result<Facts<Cpu>> parse_cpu_times(std::string_view columns, std::uint64_t ns_per_tick);

// Idle and iowait time of one CPU are not kept but reckoned anew at every read (from the length of
// the idle period under way and where its waiting task was), and are known to step back by a few
// ticks. A small step back is held at the last value, lest a rate shows a counter reset; a large
// one is the CPU come back from being offline, and taken as it is.
class IdleClock {
 public:
  static constexpr std::uint64_t kResetNs = 3'000'000'000;

  void hold(Facts<Cpu>& times);

 private:
  std::array<std::uint64_t, 2> last_{};
};

}  // namespace hostmeter::source::proc
