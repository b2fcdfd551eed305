#include "hostmeter/flow/facts/entropy.hpp"

#include <doctest/doctest.h>

#include "collect/all.hpp"
#include "support/find_collector.hpp"

using namespace hostmeter;

TEST_CASE("entropy keeps node_exporter's names") {
  const CollectorSpec& spec = test::collector("entropy");
  CHECK(test::metric_of(spec, Group::entropy, unsigned(Entropy::available)) ==
        "node_entropy_available_bits");
  CHECK(test::metric_of(spec, Group::entropy, unsigned(Entropy::pool_size)) ==
        "node_entropy_pool_size_bits");
}
