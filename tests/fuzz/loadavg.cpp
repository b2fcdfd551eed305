// Any bytes as /proc/loadavg: refused, or three loads that are not negative.
#include "source/proc/loadavg.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hostmeter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto facts = source::proc::parse_loadavg({reinterpret_cast<const char*>(data), size});
  if (!facts) return 0;
  for (const Loadavg field : {Loadavg::one_minute, Loadavg::five_minutes, Loadavg::fifteen_minutes})
    if (!(facts->get_real(field) >= 0)) std::abort();
  return 0;
}
