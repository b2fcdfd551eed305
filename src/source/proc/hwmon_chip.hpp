// What one chip of /sys/class/hwmon says of itself and of its sensors.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/dir.hpp"
#include "source/proc/attribute.hpp"
#include "source/proc/errands.hpp"

namespace hostmeter::source::proc {

enum class SensorKind : std::uint8_t { temp, fan, in, power, freq, intrusion, count };

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

struct Sensor {
  static constexpr std::size_t kMostProperties = 10;
  SensorKind kind{};
  std::uint32_t number = 0;
  std::string label;
  std::array<std::optional<double>, kMostProperties> values;  // in the order of its kind's facts
};
std::string_view name_of(SensorKind);

// Some chips are behind slow buses: asking takes the driver milliseconds, or seconds, or for ever.
class ChipErrand final : public Errand {
 public:
  struct Answer {
    // Where in the machine it is: chips of one device share it.
    std::string place;
    std::string name;  // as the driver says
    std::vector<Sensor> sensors;
    std::size_t count = 0;  // of the sensors; the list is used again, so that no tick allocates
    std::vector<Error> errors;
  };

  ChipErrand(std::shared_ptr<const base::Dir> sys, std::string_view entry)
      : sys_(std::move(sys)), entry_(entry) {}

  const std::string& entry() const { return entry_; }  // hwmon3
  // After it was taken back, until it is taken back again.
  void read_answer() { std::swap(answer_, fresh_); }
  const Answer& answer() const { return answer_; }

 protected:
  void run(base::Buffer&) override;

 private:
  std::string place() const;
  void read_sensors(const char* path, base::Buffer&);
  Sensor* find(const SensorFile&);

  const std::shared_ptr<const base::Dir> sys_;
  const std::string entry_;
  Answer answer_;
  // Of run() alone.
  Answer fresh_;
  std::string raw_name_ = "\n", text_;  // another driver may take the same entry later
  std::string name_, place_;
};

}  // namespace hostmeter::source::proc
