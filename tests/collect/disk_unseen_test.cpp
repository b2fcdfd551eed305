#include "hostmeter/flow/facts/disk_unseen.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("what of a disk was not seen is by operation") {
  const CollectorSpec& spec = test::collector("disk_unseen");
  CHECK(spec.scope == Scope::host);
  const auto metric = [&](DiskUnseen field) {
    return test::metric_of(spec, Group::disk_unseen, unsigned(field));
  };
  CHECK(metric(DiskUnseen::read_bytes) == "hostmeter_blkio_unseen_bytes_total{Read}");
  CHECK(metric(DiskUnseen::write_bytes) == "hostmeter_blkio_unseen_bytes_total{Write}");
  CHECK(metric(DiskUnseen::discard_bytes) == "hostmeter_blkio_unseen_bytes_total{Discard}");
  CHECK(spec.groups[0].instance_labels == "device");
}
