// Any bytes as a file of /proc/pressure: accepted totals are whole microseconds.
#include "source/proc/pressure.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter;
  using namespace hostmeter::source::proc;
  const auto totals = parse_stall_totals(text);
  if (totals && totals->some_ns.value_or(0) % 1000 != 0) __builtin_trap();
  return 0;
}
