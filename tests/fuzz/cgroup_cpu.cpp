// cpu.stat of both versions and cpuacct.stat.
#include <cstdint>
#include <string_view>

#include "source/cgroup/cpu.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace cgroup = hostmeter::source::cgroup;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(cgroup::parse_cpu_stat(text));
  static_cast<void>(cgroup::parse_cpuacct_stat(text));
  static_cast<void>(cgroup::parse_throttling(text));
  return 0;
}
