// Any bytes as /proc/stat: never accepted without a value.
#include "source/proc/stat.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter::source::proc;
  if (const auto facts = parse_stat(text); facts && facts->empty()) __builtin_trap();
  return 0;
}
