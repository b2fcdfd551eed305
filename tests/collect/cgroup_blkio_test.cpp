#include "hostmeter/flow/facts/cgroup_blkio.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("block I/O keeps cAdvisor's names") {
  const CollectorSpec& spec = test::collector("cgroup_blkio");
  CHECK(spec.scope == Scope::container);
  CHECK(test::metric_of(spec, Group::cgroup_blkio, unsigned(CgroupBlkio::read_bytes)) ==
        "container_fs_reads_bytes_total");
  CHECK(test::metric_of(spec, Group::cgroup_blkio, unsigned(CgroupBlkio::write_ops)) ==
        "container_fs_writes_total");
  CHECK(test::metric_of(spec, Group::cgroup_blkio, unsigned(CgroupBlkio::discard_bytes)) ==
        "container_blkio_device_usage_total{Discard}");
}
