#include "hostmeter/flow/facts/meminfo.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("memory keeps node_exporter's names from the first field to the last") {
  const CollectorSpec& spec = test::collector("meminfo");
  const auto shown = [&](Meminfo field) {
    return test::metric_of(spec, Group::meminfo, unsigned(field));
  };
  CHECK(shown(Meminfo::mem_total) == "node_memory_MemTotal_bytes");
  CHECK(shown(Meminfo::mem_available) == "node_memory_MemAvailable_bytes");
  CHECK(shown(Meminfo::active_anon) == "node_memory_Active_anon_bytes");
  CHECK(shown(Meminfo::inactive_file) == "node_memory_Inactive_file_bytes");
  CHECK(shown(Meminfo::s_reclaimable) == "node_memory_SReclaimable_bytes");
  CHECK(shown(Meminfo::nfs_unstable) == "node_memory_NFS_Unstable_bytes");
  CHECK(shown(Meminfo::committed_as) == "node_memory_Committed_AS_bytes");
  CHECK(shown(Meminfo::huge_pages_surp) == "node_memory_HugePages_Surp");
  CHECK(shown(Meminfo::huge_page_size) == "node_memory_Hugepagesize_bytes");
  CHECK(shown(Meminfo::direct_map_2g) == "node_memory_DirectMap2G_bytes");
}
