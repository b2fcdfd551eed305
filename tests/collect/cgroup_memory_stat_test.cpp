#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("parts of memory.stat by their names there, its own and with all below") {
  const CollectorSpec& spec = test::collector("cgroup_memory_stat");
  CHECK(spec.scope == Scope::container);
  const auto of = [&](CgroupMemoryStat field) {
    return test::metric_of(spec, Group::cgroup_memory_stat, unsigned(field));
  };
  CHECK(of(CgroupMemoryStat::active_anon) == "container_memory_stat_bytes{active_anon,hierarchy}");
  CHECK(of(CgroupMemoryStat::own_writeback) == "container_memory_stat_bytes{writeback,container}");
  CHECK(of(CgroupMemoryStat::paged_in) == "container_memory_stat_events_total{pgpgin,hierarchy}");
  CHECK(of(CgroupMemoryStat::own_paged_out) ==
        "container_memory_stat_events_total{pgpgout,container}");
  CHECK(of(CgroupMemoryStat::hierarchical_limit) == "container_memory_hierarchical_limit_bytes");
  for (unsigned field = 0; field < unsigned(CgroupMemoryStat::count); ++field)
    CHECK_FALSE(test::metric_of(spec, Group::cgroup_memory_stat, field).empty());
}
