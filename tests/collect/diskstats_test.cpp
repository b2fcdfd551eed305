#include "hostmeter/flow/facts/diskstats.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("each field of diskstats feeds node_exporter's metric of that meaning") {
  const CollectorSpec& spec = test::collector("diskstats");
  const auto name = [&](Diskstats field) {
    return test::metric_of(spec, Group::diskstats, unsigned(field));
  };
  CHECK(name(Diskstats::reads) == "node_disk_reads_completed_total");
  CHECK(name(Diskstats::written_bytes) == "node_disk_written_bytes_total");
  CHECK(name(Diskstats::in_flight) == "node_disk_io_now");
  CHECK(name(Diskstats::io_weighted_ns) == "node_disk_io_time_weighted_seconds_total");
  CHECK(name(Diskstats::discarded_sectors) == "node_disk_discarded_sectors_total");
  CHECK(name(Diskstats::flush_ns) == "node_disk_flush_requests_time_seconds_total");
  CHECK(test::metric_of(spec, Group::disk_info, 0) == "node_disk_info");
}
