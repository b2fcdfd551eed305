#include "hostmeter/flow/facts/driver.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("a driver that does not answer is named") {
  const CollectorSpec& spec = test::collector("driver");
  CHECK(test::metric_of(spec, Group::driver, unsigned(Driver::overdue)) ==
        "hostmeter_driver_overdue");
  CHECK(spec.groups[0].instance_labels == "reader,device");
}
