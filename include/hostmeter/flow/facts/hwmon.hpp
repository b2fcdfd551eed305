// Sensors of the hardware. Instance labels: chip, sensor, where nothing else is said.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// In degrees Celsius; node_exporter scales the alarm too, and so do we.
enum class HwmonTemp : std::uint8_t { input, max, crit, crit_alarm, count };
constexpr Group group_of(HwmonTemp) {
  return Group::hwmon_temp;
}
constexpr bool is_real(HwmonTemp) {
  return true;
}

enum class HwmonFan : std::uint8_t {
  input,
  min,
  max,
  target,
  alarm,
  beep,
  manual,
  output,
  pulses,
  tolerance,
  count
};
constexpr Group group_of(HwmonFan) {
  return Group::hwmon_fan;
}
constexpr bool is_real(HwmonFan) {
  return true;
}

// In volts.
enum class HwmonIn : std::uint8_t { input, min, max, alarm, beep, count };
constexpr Group group_of(HwmonIn) {
  return Group::hwmon_in;
}
constexpr bool is_real(HwmonIn) {
  return true;
}

// In watts.
enum class HwmonPower : std::uint8_t { input, average, count };
constexpr Group group_of(HwmonPower) {
  return Group::hwmon_power;
}
constexpr bool is_real(HwmonPower) {
  return true;
}

// In MHz.
enum class HwmonFreq : std::uint8_t { input, count };
constexpr Group group_of(HwmonFreq) {
  return Group::hwmon_freq;
}
constexpr bool is_real(HwmonFreq) {
  return true;
}

enum class HwmonIntrusion : std::uint8_t { alarm, beep, count };
constexpr Group group_of(HwmonIntrusion) {
  return Group::hwmon_intrusion;
}
constexpr bool is_real(HwmonIntrusion) {
  return true;
}

// Instance labels: chip, chip_name.
enum class HwmonChip : std::uint8_t {
  name,  // always 1
  count
};
constexpr Group group_of(HwmonChip) {
  return Group::hwmon_chip;
}

// Instance labels: chip, label, sensor.
enum class HwmonLabel : std::uint8_t {
  label,  // always 1
  count
};
constexpr Group group_of(HwmonLabel) {
  return Group::hwmon_label;
}

}  // namespace hostmeter
