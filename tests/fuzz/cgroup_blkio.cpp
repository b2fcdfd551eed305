// io.stat and v1's blkio files: a device is listed once.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/cgroup/blkio.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace cgroup = hostmeter::source::cgroup;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<cgroup::DeviceIo> devices;
  static_cast<void>(cgroup::parse_io_stat(text, devices));
  static_cast<void>(cgroup::parse_blkio(text, cgroup::Measure::bytes, devices));
  static_cast<void>(cgroup::parse_blkio(text, cgroup::Measure::operations, devices));
  for (std::size_t i = 1; i < devices.size(); ++i)
    if (devices[i].dev == devices[0].dev) std::abort();
  return 0;
}
