// Any bytes as a file to be scrubbed: the same twice, and no hardware address of the host left.
#include "tool/record/scrub.hpp"

#include <cstdint>
#include <cstdlib>

#include "tool/record/cgroups.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  hostmeter::tool::Scrubber scrub({"web-1.example.org", "example.org", std::string(32, 'a')});
  for (const char* path : {"proc/1/mountinfo", "proc/mounts", "proc/cpuinfo", "sys/x/address",
                           "sys/class/dmi/id/product_uuid", "sys/block/dm-0/dm/name"}) {
    const std::string once = scrub.content(path, text);
    if (scrub.content(path, text) != once) std::abort();
  }
  if (scrub.content("x", "52:54:00:12:34:56").find("52:54") != std::string::npos) std::abort();
  for (const std::string& mount : hostmeter::tool::cgroup_mounts(text))
    if (mount.empty() || ('/' + mount).find("/..") != std::string::npos) std::abort();
  return 0;
}
