// CPU times in /proc/stat.
#include "source/proc/cpu.hpp"

#include "hostmeter/base/text.hpp"

namespace hostmeter::source::proc {

Result<Facts<Cpu>> parse_cpu_times(std::string_view columns, std::uint64_t ns_per_tick) {
  Text words(columns);
  Facts<Cpu> times;
  for (std::size_t i = 0; i < std::size_t(Cpu::count); ++i) {
    const Cpu field{std::uint8_t(i)};
    const std::string_view word = words.word();
    if (word.empty() && field >= Cpu::guest) break;
    const auto ticks = Text::to_number(word);
    if (!ticks) return Error{EBADMSG, "stat: CPU time"};
    const auto ns = scaled(*ticks, ns_per_tick);
    if (!ns) return Error{ERANGE, "stat: CPU time"};
    times.set(field, *ns);
  }
  return times;
}

void IdleClock::hold(Facts<Cpu>& times) {
  constexpr std::array kHeld{Cpu::idle, Cpu::iowait};
  for (std::size_t i = 0; i < kHeld.size(); ++i) {
    const std::uint64_t now = times.get(kHeld[i]).value_or(0);
    if (now < last_[i] && last_[i] - now < kResetNs)
      times.set(kHeld[i], last_[i]);
    else
      last_[i] = now;
  }
}

}  // namespace hostmeter::source::proc
