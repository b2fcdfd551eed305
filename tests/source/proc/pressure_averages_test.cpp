#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/kernel_values.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec pressure_averages;
}

TEST_CASE("averages of each resource") {
  const auto said = test::kernel_values(
      source::proc::pressure_averages,
      "-- proc/pressure/cpu --\nsome avg10=0.50 avg60=0.00 avg300=0.00 total=9\n"
      "-- proc/pressure/io --\nfull avg10=1.00 avg60=2.00 avg300=3.00 total=9\n");
  CHECK(said.size() == 6);
  CHECK(said.at("pressure/cpu some avg10") == 0.5);
  CHECK(said.at("pressure/io full avg300") == 3);
}

TEST_CASE("it reads only where it is asked for, and without its files it says nothing") {
  CHECK(source::proc::pressure_averages.when == source::proc::When::asked);
  CHECK(test::kernel_values(source::proc::pressure_averages, "-- proc/nothing --\n").empty());
}
