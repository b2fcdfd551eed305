#include "hostmeter/flow/facts/clocksource.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec clocksource;
}

namespace {

// The instance of one clock source on device 0.
Instance source_named(const test::Captured& out, std::string_view name) {
  for (const NewsItem& item : out.news) {
    const auto* named = std::get_if<NamedInstance>(&item);
    if (named && named->values.size() == 2 && named->values[0] == "0" && named->values[1] == name)
      return named->instance;
  }
  return 0;
}

constexpr std::string_view kTwo =
    "-- sys/devices/system/clocksource/clocksource0/available_clocksource --\ntsc kvm-clock \n"
    "-- sys/devices/system/clocksource/clocksource0/current_clocksource --\ntsc\n";

}  // namespace

TEST_CASE("all clock sources are available, one of them is current") {
  test::MadeUpHost made_up(kTwo);
  const auto reader = source::proc::clocksource.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.news.size() == 2);
  const Instance tsc = source_named(out, "tsc"), kvm = source_named(out, "kvm-clock");
  CHECK(out.value(Clocksource::available, kHost, tsc) == 1);
  CHECK(out.value(Clocksource::current, kHost, tsc) == 1);
  CHECK(out.value(Clocksource::available, kHost, kvm) == 1);
  CHECK_FALSE(out.value(Clocksource::current, kHost, kvm));
}

TEST_CASE("a clock source found unstable is no longer current") {
  test::MadeUpHost made_up(kTwo);
  const auto reader = source::proc::clocksource.make(made_up.host, {});
  test::Captured out;
  reader->read({.number = 1}, out);
  const Instance tsc = source_named(out, "tsc"), kvm = source_named(out, "kvm-clock");
  made_up.tree.write("sys/devices/system/clocksource/clocksource0/current_clocksource",
                     "kvm-clock\n");
  reader->read({.number = 61}, out);
  CHECK_FALSE(out.value(Clocksource::current, kHost, tsc));
  CHECK(out.value(Clocksource::current, kHost, kvm) == 1);
}

TEST_CASE("names that are none are refused, a host without clock sources is no error") {
  test::MadeUpHost damaged(
      "-- sys/devices/system/clocksource/clocksource0/available_clocksource --\nt\x01sc acpi_pm\n");
  const auto reader = source::proc::clocksource.make(damaged.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.news.size() == 1);
  CHECK(reader->parse_errors() == 1);

  test::MadeUpHost none("");
  const auto absent = source::proc::clocksource.make(none.host, {});
  absent->read({}, out);
  CHECK(absent->parse_errors() + absent->read_errors() == 0);
}
