// cpu.stat of both versions, the files of cpuacct, and lists of CPUs.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "source/cgroup/cpu.hpp"
#include "source/cgroup/cpu_each.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace cgroup = hostmeter::source::cgroup;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(cgroup::parse_cpu_stat(text));
  static_cast<void>(cgroup::parse_cpuacct_stat(text));
  static_cast<void>(cgroup::parse_throttling(text));
  std::vector<std::uint64_t> usage;
  if (cgroup::parse_usage_percpu(text, usage) && usage.size() > cgroup::kMostCpus) __builtin_trap();
  const auto cpus = cgroup::parse_cpu_list(text);
  if (cpus && !std::ranges::is_sorted(*cpus)) __builtin_trap();
  return 0;
}
