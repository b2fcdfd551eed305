#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "hostmeter/flow/facts/uname_info.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("uname keeps node_exporter's name and labels") {
  const CollectorSpec& spec = test::collector("uname");
  CHECK(test::metric_of(spec, Group::uname_info, unsigned(UnameInfo::one)) == "node_uname_info");
  CHECK(spec.metrics[0].labels == "domainname,machine,nodename,release,sysname,version");
  CHECK(spec.groups[0].instance_labels == "sysname,release,version,machine,nodename,domainname");
}
