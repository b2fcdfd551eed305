// Any bytes as a line of softnet_stat: accepted only with the columns all kernels have.
#include "source/proc/softnet.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter;
  using namespace hostmeter::source::proc;
  const auto line = parse_softnet_line(text);
  if (line && !line->facts.get(Softnet::cpu_collision)) __builtin_trap();
  return 0;
}
