// The pressure files of cgroups: what is accepted has at least one time.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/cgroup/pressure.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto stalls = hostmeter::source::cgroup::parse_pressure(
      std::string_view(reinterpret_cast<const char*>(data), size));
  if (stalls && !stalls->some_ns) std::abort();
  return 0;
}
