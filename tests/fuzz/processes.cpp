// Any bytes as /proc/PID/stat: refused, or a state that is counted.
#include "source/proc/processes.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hostmeter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto stat = source::proc::parse_process_stat({reinterpret_cast<const char*>(data), size});
  if (stat && source::proc::field_of_state(stat->state) > Processes::unknown) std::abort();
  return 0;
}
