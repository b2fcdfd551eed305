// Lines of /proc/diskstats and records of udev.
#include "source/proc/diskstats.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto disk = hostmeter::source::proc::parse_diskstats_line(text);
  if (disk && (disk->name.empty() || !disk->facts.get(hostmeter::Diskstats::io_weighted_ns)))
    std::abort();
  static_cast<void>(hostmeter::source::proc::udev_property(text, "ID_MODEL"));
  return 0;
}
