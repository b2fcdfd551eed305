#include "hostmeter/flow/facts/filesystem.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("filesystems keep node_exporter's names") {
  const CollectorSpec& spec = test::collector("filesystem");
  const auto name = [&](Filesystem field) {
    return test::metric_of(spec, Group::filesystem, unsigned(field));
  };
  CHECK(name(Filesystem::size_bytes) == "node_filesystem_size_bytes");
  CHECK(name(Filesystem::free_bytes) == "node_filesystem_free_bytes");
  CHECK(name(Filesystem::avail_bytes) == "node_filesystem_avail_bytes");
  CHECK(name(Filesystem::read_only) == "node_filesystem_readonly");
  CHECK(name(Filesystem::device_error) == "node_filesystem_device_error");
  CHECK(test::metric_of(spec, Group::mount_info, 0) == "node_filesystem_mount_info");
}
