#include "source/proc/hwmon_chip.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::proc;

TEST_CASE("which sensor a file is about") {
  const auto file = parse_sensor_file("temp12_crit_alarm");
  REQUIRE(file);
  CHECK(file->kind == SensorKind::temp);
  CHECK(file->number == 12);
  CHECK(file->property == "crit_alarm");
  CHECK(parse_sensor_file("in0_input")->number == 0);
  CHECK(parse_sensor_file("intrusion0_alarm")->kind == SensorKind::intrusion);
  for (const char* name : {"", "temp", "temp1", "temp_input", "temp1_", "intrusion_alarm", "power",
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

TEST_CASE("a chip answers anew each time, and what it lacks now is gone") {
  test::MadeUpHost made_up(
      "-- sys/class/hwmon/hwmon3/name --\nBoard-X\n-- sys/class/hwmon/hwmon3/fan1_input --\n900\n"
      "-- sys/class/hwmon/hwmon3/in0_input --\n3300\n");
  const auto chip = std::make_shared<ChipErrand>(share(made_up.host.sys), "hwmon3");
  const auto errands = errands_without_threads(made_up.clock);
  const auto ask = [&]() -> const ChipErrand::Answer& {
    errands->send(chip);
    REQUIRE(errands->take_back(*chip));
    chip->read_answer();
    return chip->answer();
  };
  CHECK(ask().place == "board_x");
  CHECK(chip->answer().count == 2);
  std::filesystem::remove(made_up.tree.root() / "sys/class/hwmon/hwmon3/in0_input");
  made_up.tree.write("sys/class/hwmon/hwmon3/name", "other\n");
  made_up.tree.write("sys/class/hwmon/hwmon3/fan1_input", "fast\n");
  CHECK(ask().place == "other");
  CHECK(chip->answer().count == 0);
  CHECK(chip->answer().errors.at(0).code == EBADMSG);
}
