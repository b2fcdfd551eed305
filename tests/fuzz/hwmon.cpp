// File names and links of /sys/class/hwmon.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "source/proc/hwmon_chip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter::source::proc;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto file = parse_sensor_file(text);
  if (file && (file->property.empty() || file->number > 9999)) std::abort();
  const std::string name = clean_hwmon_name(text);
  if (!name.empty() && (name.front() == '_' || name.back() == '_')) std::abort();
  static_cast<void>(chip_of_device(resolve_link("class/hwmon", text)));
  return 0;
}
