#include "hostmeter/flow/facts/time.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/clocksource.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("clock, zone and clock sources keep node_exporter's names") {
  const CollectorSpec& spec = test::collector("time");
  CHECK(test::metric_of(spec, Group::time, unsigned(TimeField::now_ns)) == "node_time_seconds");
  CHECK(test::metric_of(spec, Group::time_zone, unsigned(TimeZone::offset_seconds)) ==
        "node_time_zone_offset_seconds");
  CHECK(test::metric_of(spec, Group::clocksource, unsigned(Clocksource::available)) ==
        "node_time_clocksource_available_info");
  CHECK(test::metric_of(spec, Group::clocksource, unsigned(Clocksource::current)) ==
        "node_time_clocksource_current_info");
}
