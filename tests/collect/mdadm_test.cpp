#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/md.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("arrays keep node_exporter's names and states") {
  const CollectorSpec& spec = test::collector("mdadm");
  const auto name = [&](Md field) { return test::metric_of(spec, Group::md, unsigned(field)); };
  CHECK(name(Md::blocks_synced) == "node_md_blocks_synced");
  CHECK(name(Md::disks_required) == "node_md_disks_required");
  CHECK(name(Md::disks_failed) == "node_md_disks{failed}");
  CHECK(name(Md::degraded) == "node_md_degraded");
  CHECK(name(Md::raid_disks) == "node_md_raid_disks");
  CHECK(name(Md::state_resync) == "node_md_state{resync}");
}
