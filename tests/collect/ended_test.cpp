#include "hostmeter/flow/facts/ended.hpp"

#include <doctest/doctest.h>

#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("what ended is told by image and, the same of each kind, by pod") {
  const CollectorSpec& spec = test::collector("ended");
  CHECK(spec.scope == Scope::host);
  CHECK(test::metric_of(spec, own_group::kEnded, unsigned(Ended::containers)) ==
        "hostmeter_ended_containers_total");
  CHECK(test::metric_of(spec, own_group::kEnded, unsigned(Ended::write_ops)) ==
        "hostmeter_ended_container_blkio_requests_total{Write}");
  for (unsigned field = 0; field < unsigned(Ended::count); ++field) {
    const std::string by_image = test::metric_of(spec, own_group::kEnded, field);
    const std::string by_pod = test::metric_of(spec, own_group::kEndedInPod, field);
    CHECK(by_image.starts_with("hostmeter_ended_container"));
    CHECK(by_pod == "hostmeter_pod_" + by_image.substr(std::string("hostmeter_").size()));
  }
}
