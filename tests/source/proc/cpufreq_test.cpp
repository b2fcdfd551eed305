#include <doctest/doctest.h>

#include "hostmeter/flow/facts/cpu_info.hpp"
#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec cpufreq;
}

TEST_CASE("frequencies become hertz; processors without scaling have none") {
  test::MadeUpHost made_up(
      "-- sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq --\n1699981\n"
      "-- sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq --\n18446744073709551615\n"
      "-- sys/devices/system/cpu/cpu1/online --\n1\n"
      "-- sys/devices/system/cpu/cpufreq/boost --\n1\n");
  const auto reader = source::proc::cpufreq.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  REQUIRE(out.news.size() == 1);
  const Instance cpu0 = out.instance("0");
  CHECK(out.value(CpuFrequency::scaling, kHost, cpu0) == 1'699'981'000);
  CHECK_FALSE(out.value(CpuFrequency::scaling_min, kHost, cpu0));
  CHECK_FALSE(out.value(CpuFrequency::scaling_max, kHost, cpu0));
  CHECK(reader->parse_errors() == 1);
}

TEST_CASE("processors that are offline or isolated are told of") {
  test::MadeUpHost made_up(
      "-- sys/devices/system/cpu/isolated --\n1,3-4\n"
      "-- sys/devices/system/cpu/cpu0/online --\n1\n"
      "-- sys/devices/system/cpu/cpu1/online --\n0\n"
      "-- sys/devices/system/cpu/cpu4/online --\n1\n"
      "-- sys/devices/system/cpu/cpuidle/current_driver --\nnone\n");
  const auto reader = source::proc::cpufreq.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.news.size() == 3);
  CHECK(out.value(CpuFrequency::online, kHost, out.instance("0")) == 1);
  CHECK(out.value(CpuFrequency::online, kHost, out.instance("1")) == 0);
  CHECK(out.value(CpuFrequency::isolated, kHost, out.instance("1")) == 1);
  CHECK(out.value(CpuFrequency::isolated, kHost, out.instance("4")) == 1);
  CHECK_FALSE(out.value(CpuFrequency::isolated, kHost, out.instance("0")));
  CHECK_FALSE(out.value(CpuFrequency::scaling, kHost, out.instance("0")));
  CHECK(reader->parse_errors() == 0);
}

TEST_CASE("where the first cannot be taken offline none is said to be online") {
  test::MadeUpHost made_up(
      "-- sys/devices/system/cpu/isolated --\n\n"
      "-- sys/devices/system/cpu/cpu0/uevent --\n\n"
      "-- sys/devices/system/cpu/cpu1/online --\n1\n");
  const auto reader = source::proc::cpufreq.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.news.empty());
  CHECK(reader->parse_errors() == 0);
}

TEST_CASE("a list that is none is counted, and nobody is isolated") {
  for (const char* list : {"x", "3-", "3-1", "1,,2", "-1"}) {
    CAPTURE(list);
    test::MadeUpHost made_up("-- sys/devices/system/cpu/isolated --\n" + std::string(list) +
                             "\n-- sys/devices/system/cpu/cpu1/uevent --\n\n");
    const auto reader = source::proc::cpufreq.make(made_up.host, {});
    test::Captured out;
    reader->read({}, out);
    CHECK(out.news.empty());
    CHECK(reader->parse_errors() == 1);
  }
}
