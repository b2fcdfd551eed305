// Sensors are asked in turn, one place of the machine in a tick, each every 15 ticks; one that took
// longer than 10 ms rests for 100 times as long.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hostmeter::source::proc {

enum class SensorKind : std::uint8_t { temp, fan, in, power };

// A file of a chip: "temp12_crit_alarm".
struct SensorFile {
  SensorKind kind{};
  std::uint32_t number = 0;
  std::string_view property;
};

// Nothing: the file is about no sensor we serve.
std::optional<SensorFile> parse_sensor_file(std::string_view name);

// Lower case; what is not a letter, digit, colon or underscore becomes an underscore, and those at
// the ends are cut off.
std::string clean_hwmon_name(std::string_view raw);

// The path a symbolic link at base/LINK leads to, without asking the file system: good for sysfs
// alone, where directories below /sys/devices are real.
std::string resolve_link(std::string_view base, std::string_view target);

// "platform_coretemp_0" of "devices/platform/coretemp.0": the bus and the device.
std::string chip_of_device(std::string_view device_path);

}  // namespace hostmeter::source::proc
