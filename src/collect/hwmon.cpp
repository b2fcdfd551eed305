// Sensors of the hardware.
#include "hostmeter/flow/facts/hwmon.hpp"

#include "hostmeter/collect/collector.hpp"

namespace hostmeter::collect {
namespace {

constexpr std::string_view kSensor = "chip,sensor";

constexpr MetricDesc kMetrics[] = {
    {Kind::gauge, Unit::celsius, Encoding::real, "node_hwmon_temp_celsius", "Temperature.",
     kSensor},
    {Kind::gauge, Unit::celsius, Encoding::real, "node_hwmon_temp_max_celsius",
     "Temperature that the sensor should stay below.", kSensor},
    {Kind::gauge, Unit::celsius, Encoding::real, "node_hwmon_temp_crit_celsius",
     "Temperature that is dangerous.", kSensor},
    {Kind::gauge, Unit::celsius, Encoding::real, "node_hwmon_temp_crit_alarm_celsius",
     "Above 0 if the temperature is dangerous.", kSensor},
    {Kind::gauge, Unit::rpm, Encoding::real, "node_hwmon_fan_rpm", "Speed of the fan.", kSensor},
    {Kind::gauge, Unit::rpm, Encoding::real, "node_hwmon_fan_min_rpm",
     "Speed that the fan should stay above.", kSensor},
    {Kind::gauge, Unit::rpm, Encoding::real, "node_hwmon_fan_max_rpm",
     "Speed that the fan should stay below.", kSensor},
    {Kind::gauge, Unit::rpm, Encoding::real, "node_hwmon_fan_target_rpm",
     "Speed that the fan is told to run at.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_fan_alarm",
     "1 if the fan raises an alarm.", kSensor},
    {Kind::gauge, Unit::volts, Encoding::real, "node_hwmon_in_volts", "Voltage.", kSensor},
    {Kind::gauge, Unit::volts, Encoding::real, "node_hwmon_in_min_volts",
     "Voltage that the sensor should stay above.", kSensor},
    {Kind::gauge, Unit::volts, Encoding::real, "node_hwmon_in_max_volts",
     "Voltage that the sensor should stay below.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_in_alarm",
     "1 if the voltage raises an alarm.", kSensor},
    {Origin::node_exporter, Kind::gauge, Unit::watts, Encoding::real, "node_hwmon_power_watt",
     "Power drawn now.", kSensor},
    {Origin::node_exporter, Kind::gauge, Unit::watts, Encoding::real,
     "node_hwmon_power_average_watt", "Power drawn on average.", kSensor},
    {Kind::gauge, Unit::none, "node_hwmon_chip_names", "Name the driver gives a chip, always 1.",
     "chip,chip_name"},
    {Kind::gauge, Unit::none, "node_hwmon_sensor_label",
     "Name the driver gives a sensor, always 1.", "chip,label,sensor"},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_fan_beep_enabled",
     "1 if an alarm of the fan makes the machine beep.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_fan_manual",
     "1 if the speed of the fan is set by hand.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_fan_output",
     "What the driver tells the fan to do, in units of its own.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_fan_pulses",
     "Pulses of the fan's sensor for each revolution.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_fan_tolerance",
     "How far from its target the speed of the fan may be.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_in_beep_enabled",
     "1 if an alarm of the voltage makes the machine beep.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_freq_freq_mhz", "Frequency.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_intrusion_alarm",
     "1 if the case was opened.", kSensor},
    {Kind::gauge, Unit::none, Encoding::real, "node_hwmon_intrusion_beep_enabled",
     "1 if opening the case makes the machine beep.", kSensor},
};

constexpr FieldSeries kTemp[] = {
    series(HwmonTemp::input, kMetrics[0]),
    series(HwmonTemp::max, kMetrics[1]),
    series(HwmonTemp::crit, kMetrics[2]),
    series(HwmonTemp::crit_alarm, kMetrics[3]),
};
constexpr FieldSeries kFan[] = {
    series(HwmonFan::input, kMetrics[4]),   series(HwmonFan::min, kMetrics[5]),
    series(HwmonFan::max, kMetrics[6]),     series(HwmonFan::target, kMetrics[7]),
    series(HwmonFan::alarm, kMetrics[8]),   series(HwmonFan::beep, kMetrics[17]),
    series(HwmonFan::manual, kMetrics[18]), series(HwmonFan::output, kMetrics[19]),
    series(HwmonFan::pulses, kMetrics[20]), series(HwmonFan::tolerance, kMetrics[21]),
};
constexpr FieldSeries kIn[] = {
    series(HwmonIn::input, kMetrics[9]), series(HwmonIn::min, kMetrics[10]),
    series(HwmonIn::max, kMetrics[11]),  series(HwmonIn::alarm, kMetrics[12]),
    series(HwmonIn::beep, kMetrics[22]),
};
constexpr FieldSeries kPower[] = {
    series(HwmonPower::input, kMetrics[13]),
    series(HwmonPower::average, kMetrics[14]),
};
constexpr FieldSeries kFreq[] = {series(HwmonFreq::input, kMetrics[23])};
constexpr FieldSeries kIntrusion[] = {
    series(HwmonIntrusion::alarm, kMetrics[24]),
    series(HwmonIntrusion::beep, kMetrics[25]),
};
constexpr FieldSeries kChip[] = {series(HwmonChip::name, kMetrics[15])};
constexpr FieldSeries kLabel[] = {series(HwmonLabel::label, kMetrics[16])};
constexpr GroupSeries kGroups[] = {group_series<HwmonTemp>(kTemp, kSensor),
                                   group_series<HwmonFan>(kFan, kSensor),
                                   group_series<HwmonIn>(kIn, kSensor),
                                   group_series<HwmonPower>(kPower, kSensor),
                                   group_series<HwmonFreq>(kFreq, kSensor),
                                   group_series<HwmonIntrusion>(kIntrusion, kSensor),
                                   group_series<HwmonChip>(kChip, "chip,chip_name"),
                                   group_series<HwmonLabel>(kLabel, "chip,label,sensor")};

}  // namespace

extern const CollectorSpec hwmon{
    .name = "hwmon", .scope = Scope::host, .metrics = kMetrics, .groups = kGroups};

}  // namespace hostmeter::collect
