#include "hostmeter/flow/facts/dmi.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("the machine's identity keeps node_exporter's name and labels") {
  const CollectorSpec& spec = test::collector("dmi");
  CHECK(test::metric_of(spec, Group::dmi_info, 0) == "node_dmi_info");
  const std::string_view labels = spec.groups[0].instance_labels;
  CHECK(std::count(labels.begin(), labels.end(), ',') == 18);
  CHECK(labels.ends_with("product_version,system_vendor"));
}
