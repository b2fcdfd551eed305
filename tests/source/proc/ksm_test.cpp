#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/kernel_values.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec ksm;
}

TEST_CASE("what the kernel has of merged pages") {
  const auto said = test::kernel_values(
      source::proc::ksm,
      "-- sys/kernel/mm/ksm/run --\n1\n-- sys/kernel/mm/ksm/general_profit --\n-64\n");
  CHECK(said.size() == 2);
  CHECK(said.at("mm/ksm  run") == 1);
  CHECK(said.at("mm/ksm  general_profit") == -64);
}

TEST_CASE("it reads only where it is asked for, and without its files it says nothing") {
  CHECK(source::proc::ksm.when == source::proc::When::asked);
  CHECK(test::kernel_values(source::proc::ksm, "-- proc/nothing --\n").empty());
}
