#include "source/bpf/blkio_latency_object.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hostmeter;
using namespace hostmeter::source::bpf;

// It would answer for the machine that the test runs on.
TEST_CASE("nothing is loaded for a recorded host") {
  source::Host recorded;
  recorded.live = false;
  const auto object = BlkioLatencyObject::load(recorded, {});
  REQUIRE_FALSE(object);
  CHECK(object.error().code == EOPNOTSUPP);
  CHECK_FALSE(object.error().what.empty());
}
