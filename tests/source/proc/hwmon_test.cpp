#include "hostmeter/flow/facts/hwmon.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "hostmeter/flow/facts/driver.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/fake_clock.hpp"
#include "support/hanging_driver.hpp"
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
      "-- sys/class/hwmon/hwmon2/fan2_pulses --\n2\n"
      "-- sys/class/hwmon/hwmon2/freq1_input --\n1450000000\n"
      "-- sys/class/hwmon/hwmon2/intrusion0_alarm --\n1\n"
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
  CHECK(out.real(HwmonFan::pulses, kHost, fan) == 2);
  CHECK(out.real(HwmonFreq::input, kHost, named(out, {"board_x", "freq1"})) ==
        doctest::Approx(1450));
  CHECK(out.real(HwmonIntrusion::alarm, kHost, named(out, {"board_x", "intrusion0"})) == 1);
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

TEST_CASE("a chip that takes long to answer is left alone for a hundred times as long") {
  test::MadeUpHost made_up("-- sys/class/hwmon/hwmon0/temp1_input --\n30000\n");
  test::SlowClock clock;
  made_up.host.clock = &clock;
  const auto reader = source::proc::hwmon.make(made_up.host, {});
  test::Captured out;
  std::uint64_t number = 0;
  reader->read({.number = ++number}, out);
  CHECK(out.records.size() == 1);
  const Instance sensor = named(out, {"hwmon0", "temp1"});
  clock.step = 0;
  out.clear();
  clock.now += 1'900'000'000;
  for (int i = 0; i < 30; ++i) reader->read({.number = ++number}, out);
  CHECK(out.records.empty());
  // What was lost is sent again, without asking.
  made_up.tree.write("sys/class/hwmon/hwmon0/temp1_input", "40000\n");
  reader->read({.number = ++number, .resend = true}, out);
  CHECK(out.real(HwmonTemp::input, kHost, sensor) == 30);
  out.clear();
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

TEST_CASE("a chip that hangs delays nothing, shows itself, and comes back") {
  test::MadeUpHost made_up(
      "-- sys/class/hwmon/hwmon0/temp1_input --\n30000\n"
      "-- sys/class/hwmon/hwmon1/temp1_input --\n50000\n");
  test::ErrandProgram program;
  Options options;
  options.sensors = program.errands;
  const auto reader = source::proc::hwmon.make(made_up.host, options);
  test::Captured out;
  const auto until = [&](auto&& condition) { return program.until(*reader, out, condition); };
  const auto is_gone = [&](Instance instance) {
    for (const NewsItem& item : out.news)
      if (const auto* gone = std::get_if<GoneInstance>(&item))
        if (gone->instance == instance) return true;
    return false;
  };
  CHECK(until([&] {
    return named(out, {"hwmon0", "temp1"}) != 0 && named(out, {"hwmon1", "temp1"}) != 0;
  }));

  program.clock->hang();
  std::string hung;
  CHECK(until([&] {
    for (const char* chip : {"hwmon0", "hwmon1"})
      if (named(out, {"hwmon", chip}) != 0) hung = chip;
    return !hung.empty();
  }));
  const std::string well = hung == "hwmon0" ? "hwmon1" : "hwmon0";
  const Instance shown = named(out, {"hwmon", hung});
  CHECK(out.value(Driver::overdue, kHost, shown) == 1);
  CHECK(is_gone(named(out, {hung, "temp1"})));
  CHECK_FALSE(is_gone(named(out, {well, "temp1"})));
  // The other is asked as ever.
  made_up.tree.write("sys/class/hwmon/" + well + "/temp1_input", "70000\n");
  CHECK(until([&] {
    return out.real(HwmonTemp::input, kHost, named(out, {well, "temp1"})) == 70;
  }));
  CHECK_FALSE(is_gone(shown));

  out.clear();
  program.clock->release();
  CHECK(until([&] { return named(out, {hung, "temp1"}) != 0; }));
  CHECK(is_gone(shown));
  // However long it hung, it is asked again within a minute.
  made_up.clock.monotonic += 60'000'000'000;
  made_up.tree.write("sys/class/hwmon/" + hung + "/temp1_input", "90000\n");
  CHECK(until([&] {
    return out.real(HwmonTemp::input, kHost, named(out, {hung, "temp1"})) == 90;
  }));
}
