// Finding cgroup mounts: an accepted mount always has a mount point and a use.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/cgroup/hierarchies.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto mounts = hostmeter::source::cgroup::parse_mountinfo(
      std::string_view(reinterpret_cast<const char*>(data), size));
  if (!mounts) return 0;
  for (const auto& mount : *mounts)
    if (mount.mount_point.empty() || (!mount.v2 && mount.controllers == 0)) std::abort();
  return 0;
}
