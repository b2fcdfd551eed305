// memory.stat of both versions and the memory events; v2's faults stand in both scopes.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/cgroup/memory.hpp"
#include "source/cgroup/memory_stat.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hostmeter::CgroupMemory;
  namespace cgroup = hostmeter::source::cgroup;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto stat = cgroup::parse_memory_stat(text);
  if (stat && stat->get(CgroupMemory::pgfault) != stat->get(CgroupMemory::own_pgfault))
    std::abort();
  static_cast<void>(cgroup::parse_memory_stat_v1(text));
  static_cast<void>(cgroup::parse_memory_events(text));
  static_cast<void>(cgroup::parse_memory_stat_parts(text));
  static_cast<void>(cgroup::parse_memory_stat_parts_v1(text));
  return 0;
}
