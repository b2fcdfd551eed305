#include "source/proc/pressure.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec pressure;
}

using source::proc::parse_stall_totals;

TEST_CASE("stall totals are microseconds in the file and nanoseconds here") {
  const auto totals = parse_stall_totals(
      "some avg10=2.05 avg60=2.51 avg300=1.41 total=13821566\n"
      "full avg10=2.04 avg60=2.45 avg300=1.35 total=13162957\n");
  REQUIRE(totals);
  CHECK(totals->some_ns == 13'821'566'000);
  CHECK(totals->full_ns == 13'162'957'000);
}

TEST_CASE("a line that the kernel leaves out is absent") {
  const auto irq = parse_stall_totals("full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n");
  REQUIRE(irq);
  CHECK_FALSE(irq->some_ns);
  CHECK(irq->full_ns == 7000);
}

TEST_CASE("damaged pressure is refused") {
  for (const char* text : {"", "garbage\n", "some avg10=0.00\n", "some total=-1\n", "some total=\n",
                           "some total=18446744073709551615\n", "some total=1\nfull total=x\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_stall_totals(text));
  }
}

TEST_CASE("each resource stands alone: one damaged, one missing, two right") {
  test::MadeUpHost made_up(
      "-- proc/pressure/cpu --\nsome total=1\nfull total=0\n"
      "-- proc/pressure/io --\nrubbish\n"
      "-- proc/pressure/memory --\nsome total=2\nfull total=3\n");
  const auto reader = source::proc::pressure.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Pressure::cpu_some) == 1000);
  CHECK_FALSE(out.value(Pressure::io_some));
  CHECK(out.value(Pressure::memory_some) == 2000);
  CHECK(out.value(Pressure::memory_full) == 3000);
  CHECK_FALSE(out.value(Pressure::irq_full));
  CHECK(reader->parse_errors() == 1);
  CHECK(reader->read_errors() == 0);
}
