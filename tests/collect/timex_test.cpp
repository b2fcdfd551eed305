#include "hostmeter/flow/facts/timex.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("timex keeps node_exporter's names") {
  const CollectorSpec& spec = test::collector("timex");
  CHECK(test::metric_of(spec, Group::timex, unsigned(Timex::offset_seconds)) ==
        "node_timex_offset_seconds");
  CHECK(test::metric_of(spec, Group::timex, unsigned(Timex::max_error_ns)) ==
        "node_timex_maxerror_seconds");
  CHECK(test::metric_of(spec, Group::timex, unsigned(Timex::status)) == "node_timex_status");
  CHECK(test::metric_of(spec, Group::timex, unsigned(Timex::tick_ns)) == "node_timex_tick_seconds");
  CHECK(test::metric_of(spec, Group::timex, unsigned(Timex::pps_jitter_seconds)) ==
        "node_timex_pps_jitter_seconds");
  CHECK(test::metric_of(spec, Group::timex, unsigned(Timex::pps_jitter)) ==
        "node_timex_pps_jitter_total");
  CHECK(test::metric_of(spec, Group::timex, unsigned(Timex::tai_offset_seconds)) ==
        "node_timex_tai_offset_seconds");
  CHECK(test::metric_of(spec, Group::timex, unsigned(Timex::synchronised)) ==
        "node_timex_sync_status");
}
