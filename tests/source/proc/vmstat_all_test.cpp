#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/kernel_values.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec vmstat_all;
}

TEST_CASE("all counters of vmstat") {
  const auto said = test::kernel_values(source::proc::vmstat_all,
                                        "-- proc/vmstat --\nnr_free_pages 7\npgfault 8\n");
  CHECK(said.size() == 2);
  CHECK(said.at("vmstat  nr_free_pages") == 7);
}

TEST_CASE("it reads only where it is asked for, and without its files it says nothing") {
  CHECK(source::proc::vmstat_all.when == source::proc::When::asked);
  CHECK(test::kernel_values(source::proc::vmstat_all, "-- proc/nothing --\n").empty());
}
