#include "hostmeter/flow/facts/hwmon.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("sensors keep node_exporter's names") {
  const CollectorSpec& spec = test::collector("hwmon");
  const auto name = [&](auto field) {
    return test::metric_of(spec, group_of(field), unsigned(field));
  };
  CHECK(name(HwmonTemp::input) == "node_hwmon_temp_celsius");
  CHECK(name(HwmonTemp::crit_alarm) == "node_hwmon_temp_crit_alarm_celsius");
  CHECK(name(HwmonFan::target) == "node_hwmon_fan_target_rpm");
  CHECK(name(HwmonFan::alarm) == "node_hwmon_fan_alarm");
  CHECK(name(HwmonFan::beep) == "node_hwmon_fan_beep_enabled");
  CHECK(name(HwmonFan::tolerance) == "node_hwmon_fan_tolerance");
  CHECK(name(HwmonIn::beep) == "node_hwmon_in_beep_enabled");
  CHECK(name(HwmonFreq::input) == "node_hwmon_freq_freq_mhz");
  CHECK(name(HwmonIntrusion::alarm) == "node_hwmon_intrusion_alarm");
  CHECK(name(HwmonIn::max) == "node_hwmon_in_max_volts");
  CHECK(name(HwmonPower::average) == "node_hwmon_power_average_watt");
  CHECK(name(HwmonChip::name) == "node_hwmon_chip_names");
  CHECK(name(HwmonLabel::label) == "node_hwmon_sensor_label");
}
