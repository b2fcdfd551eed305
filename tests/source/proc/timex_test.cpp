#include "source/proc/timex.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec timex;
}

using source::proc::timex_facts;

TEST_CASE("what adjtimex says, in base units") {
  ::timex clock{};
  clock.status = STA_PLL | STA_NANO;
  clock.offset = -1500;
  clock.freq = 65536;  // 1 ppm
  clock.maxerror = 500'000;
  clock.esterror = 16;
  clock.tick = 10'000;
  clock.constant = 2;
  clock.tai = 37;
  const auto facts = timex_facts(clock, TIME_OK);
  CHECK(facts.get_real(Timex::offset_seconds).value() == doctest::Approx(-1.5e-6));
  CHECK(facts.get_real(Timex::frequency_ratio).value() == doctest::Approx(1.000001).epsilon(1e-9));
  CHECK(facts.get(Timex::max_error_ns) == 500'000'000);
  CHECK(facts.get(Timex::estimated_error_ns) == 16'000);
  CHECK(facts.get(Timex::tick_ns) == 10'000'000);
  CHECK(facts.get(Timex::loop_time_constant) == 2);
  CHECK(facts.get(Timex::status) == unsigned(STA_PLL | STA_NANO));
  CHECK(facts.get_real(Timex::tai_offset_seconds) == 37);
  CHECK(facts.get(Timex::synchronised) == 1);
}

TEST_CASE("offsets are in microseconds unless the kernel says nanoseconds") {
  ::timex clock{};
  clock.offset = 3;
  CHECK(timex_facts(clock, TIME_OK).get_real(Timex::offset_seconds).value() ==
        doctest::Approx(3e-6));
}

TEST_CASE("a clock that is not synchronised says so; negative counts are absent") {
  ::timex clock{};
  clock.maxerror = -1;
  clock.stbcnt = -1;
  const auto facts = timex_facts(clock, TIME_ERROR);
  CHECK(facts.get(Timex::synchronised) == 0);
  CHECK_FALSE(facts.get(Timex::max_error_ns));
  CHECK_FALSE(facts.get(Timex::pps_stability_exceeded));
}

TEST_CASE("a recorded host is never answered for by the machine we run on") {
  test::MadeUpHost made_up("");
  test::Captured out;
  const auto recorded = source::proc::timex.make(made_up.host, {});
  recorded->read({}, out);
  CHECK(out.records.empty());
  CHECK(recorded->mode() == source::Mode::off);

  made_up.host.live = true;
  const auto live = source::proc::timex.make(made_up.host, {});
  live->read({}, out);
  CHECK(out.value(Timex::synchronised));
}
