#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/os_release.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("os-release keeps node_exporter's names and labels") {
  const CollectorSpec& spec = test::collector("os");
  CHECK(test::metric_of(spec, Group::os_info, unsigned(OsInfo::one)) == "node_os_info");
  CHECK(test::metric_of(spec, Group::os_version, unsigned(OsVersion::number)) == "node_os_version");
  CHECK(spec.groups[0].instance_labels.starts_with("build_id,id,id_like,image_id"));
  CHECK(spec.groups[1].instance_labels == "id,id_like,name");
}
