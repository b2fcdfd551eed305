#include "source/proc/hwmon.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "hostmeter/flow/facts/hwmon.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::proc;

namespace hostmeter::source::proc {
extern const ReaderSpec hwmon;
}

namespace {

Instance named(const test::Captured& out, const std::vector<std::string>& labels) {
  for (const NewsItem& item : out.news) {
    const auto* name = std::get_if<NamedInstance>(&item);
    if (name && name->values == labels) return name->instance;
  }
  return 0;
}

}  // namespace

TEST_CASE("which sensor a file is about") {
  const auto file = parse_sensor_file("temp12_crit_alarm");
  REQUIRE(file);
  CHECK(file->kind == SensorKind::temp);
  CHECK(file->number == 12);
  CHECK(file->property == "crit_alarm");
  CHECK(parse_sensor_file("in0_input")->number == 0);
  for (const char* name : {"", "temp", "temp1", "temp_input", "temp1_", "intrusion0_alarm", "power",
                           "uevent", "temp99999999999999999999_input", "temp-1_input", "pwm1"}) {
    CAPTURE(name);
    CHECK_FALSE(parse_sensor_file(name));
  }
}

TEST_CASE("chips are named after their place in the machine") {
  CHECK(chip_of_device("devices/platform/coretemp.0") == "platform_coretemp_0");
  CHECK(chip_of_device("devices/pci0000:00/0000:00:18.3") == "pci0000:00_0000:00:18_3");
  CHECK(chip_of_device("thermal") == "thermal");
  CHECK(chip_of_device("").empty());
  CHECK(clean_hwmon_name("__A-b c_") == "a_b_c");
  CHECK(clean_hwmon_name("--").empty());
  CHECK(resolve_link("class/hwmon", "../../devices/x/hwmon/hwmon0") == "devices/x/hwmon/hwmon0");
  CHECK(resolve_link("a/b", "../../../../c") == "c");
  CHECK(resolve_link("a", "./d//e") == "a/d/e");
}

TEST_CASE("sensors are read in their units, what a chip lacks is absent") {
  test::MadeUpHost made_up(
      "-- sys/class/hwmon/hwmon1 -> ../../devices/platform/coretemp.0/hwmon/hwmon1 --\n"
      "-- sys/devices/platform/coretemp.0/hwmon/hwmon1/device -> ../../../coretemp.0 --\n"
      "-- sys/devices/platform/coretemp.0/hwmon/hwmon1/name --\ncoretemp\n"
      "-- sys/devices/platform/coretemp.0/hwmon/hwmon1/temp1_input --\n-54500\n"
      "-- sys/devices/platform/coretemp.0/hwmon/hwmon1/temp1_max --\n84000\n"
      "-- sys/devices/platform/coretemp.0/hwmon/hwmon1/temp1_label --\nCore 0\n"
      "-- sys/devices/platform/coretemp.0/hwmon/hwmon1/temp1_type --\nodd\n"
      "-- sys/class/hwmon/hwmon2/name --\nBoard-X\n"
      "-- sys/class/hwmon/hwmon2/fan2_input --\n1200\n"
      "-- sys/class/hwmon/hwmon2/fan2_alarm --\n1\n"
      "-- sys/class/hwmon/hwmon2/in0_input --\n3300\n"
      "-- sys/class/hwmon/hwmon2/in0_alarm --\n1\n"
      "-- sys/class/hwmon/hwmon2/power1_average --\n25000000\n"
      "-- sys/class/hwmon/hwmon2/temp3_input --\nbroken\n");
  const auto reader = source::proc::hwmon.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  const Instance core = named(out, {"platform_coretemp_0", "temp1"});
  REQUIRE(core != 0);
  CHECK(out.real(HwmonTemp::input, kHost, core) == doctest::Approx(-54.5));
  CHECK(out.real(HwmonTemp::max, kHost, core) == doctest::Approx(84));
  CHECK_FALSE(out.real(HwmonTemp::crit, kHost, core));
  CHECK(named(out, {"platform_coretemp_0", "Core 0", "temp1"}) != 0);
  CHECK(named(out, {"platform_coretemp_0", "coretemp"}) != 0);
  const Instance fan = named(out, {"board_x", "fan2"});
  CHECK(out.real(HwmonFan::input, kHost, fan) == 1200);
  CHECK(out.real(HwmonFan::alarm, kHost, fan) == 1);
  CHECK(out.real(HwmonIn::input, kHost, named(out, {"board_x", "in0"})) == doctest::Approx(3.3));
  CHECK(out.real(HwmonIn::alarm, kHost, named(out, {"board_x", "in0"})) == 1);
  CHECK(out.real(HwmonPower::average, kHost, named(out, {"board_x", "power1"})) == 25);
  CHECK(named(out, {"board_x", "temp3"}) == 0);
  CHECK(reader->parse_errors() == 1);

  out.clear();
  for (std::uint64_t number = 2; number <= 15; ++number) reader->read({.number = number}, out);
  CHECK(out.records.empty());
  // One place a tick.
  reader->read({.number = 16}, out);
  const bool core_first = out.real(HwmonTemp::max, kHost, core).has_value();
  CHECK(core_first != out.real(HwmonFan::input, kHost, fan).has_value());
  reader->read({.number = 17}, out);
  CHECK(out.real(HwmonFan::input, kHost, fan) == 1200);
  CHECK(out.real(HwmonTemp::max, kHost, core) == doctest::Approx(84));
  CHECK(out.news.empty());
}

TEST_CASE("old drivers keep their files with the device") {
  test::MadeUpHost made_up("-- sys/class/hwmon/hwmon0/device/temp1_input --\n30000\n");
  const auto reader = source::proc::hwmon.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.real(HwmonTemp::input, kHost, named(out, {"hwmon0", "temp1"})) == 30);
}

TEST_CASE("a machine without sensors is no error") {
  test::MadeUpHost made_up("");
  const auto reader = source::proc::hwmon.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.records.empty());
  CHECK(reader->read_errors() == 0);
}

namespace {
// Each look at it takes some time.
struct SlowClock final : Clock {
  mutable std::uint64_t now = 1'000'000'000'000;
  std::uint64_t step = 20'000'000;
  std::uint64_t realtime_ns() const override { return now; }
  std::uint64_t monotonic_ns() const override { return now += step; }
  std::uint64_t thread_cpu_ns() const override { return 0; }
};
}  // namespace

TEST_CASE("a chip that takes long to answer is left alone for a hundred times as long") {
  test::MadeUpHost made_up("-- sys/class/hwmon/hwmon0/temp1_input --\n30000\n");
  SlowClock clock;
  made_up.host.clock = &clock;
  const auto reader = source::proc::hwmon.make(made_up.host, {});
  test::Captured out;
  std::uint64_t number = 0;
  reader->read({.number = ++number}, out);
  CHECK(out.records.size() == 1);
  clock.step = 0;
  out.clear();
  clock.now += 1'900'000'000;
  for (int i = 0; i < 30; ++i) reader->read({.number = ++number}, out);
  reader->read({.number = ++number, .resend = true}, out);
  CHECK(out.records.empty());
  clock.now += 200'000'000;
  reader->read({.number = ++number}, out);
  CHECK(out.records.size() == 1);
}

TEST_CASE("a chip that goes takes its series with it") {
  test::MadeUpHost made_up("-- sys/class/hwmon/hwmon0/temp1_input --\n30000\n");
  const auto reader = source::proc::hwmon.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  const Instance sensor = named(out, {"hwmon0", "temp1"});
  std::filesystem::remove_all(made_up.tree.root() / "sys/class/hwmon/hwmon0");
  for (int i = 0; i < 15; ++i) reader->read({}, out);
  bool told = false;
  for (const NewsItem& item : out.news)
    if (const auto* gone = std::get_if<GoneInstance>(&item)) told |= gone->instance == sensor;
  CHECK(told);
}
