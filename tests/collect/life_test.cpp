#include "hostmeter/flow/facts/life.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("what could not be told is counted by what it was and why") {
  const CollectorSpec& spec = test::collector("life");
  const auto metric = [&](Life field) {
    return test::metric_of(spec, Group::life, unsigned(field));
  };
  CHECK(metric(Life::made) == "hostmeter_cgroups_made_total");
  CHECK(metric(Life::oom_kills) == "hostmeter_oom_kills_total");
  const std::string dropped = "hostmeter_life_events_dropped_total";
  CHECK(metric(Life::removed_rationed) == dropped + "{removed,rationed}");
  CHECK(metric(Life::oom_kills_no_room) == dropped + "{oom_kill,no_room}");
  CHECK(metric(Life::malformed) == dropped + "{any,malformed}");
}
