// Any bytes as a CPU's line: accepted times are whole ticks, none wrapped.
#include "source/proc/cpu.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter::source::proc;
  const auto times = parse_cpu_times(text, 10'000'000);
  if (times && *times->get(hostmeter::Cpu::steal) % 10'000'000 != 0) __builtin_trap();
  return 0;
}
