// Any bytes as /proc/vmstat: never accepted without a value.
#include "source/proc/vmstat.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter::source::proc;
  if (const auto facts = parse_vmstat(text); facts && facts->empty()) __builtin_trap();
  return 0;
}
