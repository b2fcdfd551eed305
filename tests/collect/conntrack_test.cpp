#include "hostmeter/flow/facts/conntrack.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("connection tracking keeps node_exporter's names") {
  const CollectorSpec& spec = test::collector("conntrack");
  const auto shown = [&](Conntrack field) {
    return test::metric_of(spec, Group::conntrack, unsigned(field));
  };
  CHECK(shown(Conntrack::entries) == "node_nf_conntrack_entries");
  CHECK(shown(Conntrack::entries_limit) == "node_nf_conntrack_entries_limit");
  CHECK(shown(Conntrack::ignored) == "node_nf_conntrack_stat_ignore");
  CHECK(shown(Conntrack::insert_failed) == "node_nf_conntrack_stat_insert_failed");
  CHECK(shown(Conntrack::dropped) == "node_nf_conntrack_stat_drop");
  CHECK(shown(Conntrack::search_restart) == "node_nf_conntrack_stat_search_restart");
}
