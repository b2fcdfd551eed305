#include "hostmeter/flow/facts/kernel_value.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("values of the kernel's files are one metric, by file, part and name") {
  const CollectorSpec& spec = test::collector("kernel_value");
  CHECK(test::metric_of(spec, Group::kernel_value, unsigned(KernelValue::value)) ==
        "node_kernel_value");
  CHECK(spec.groups[0].instance_labels == "file,name,part");
}
