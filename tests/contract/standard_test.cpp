#include "contract/standard.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;

TEST_CASE("the standard contract shows every family of the chosen collectors") {
  static constexpr MetricDesc kA{Kind::gauge, Unit::none, "a", "Test."},
      kB{Kind::gauge, Unit::none, "b", "Test."};
  const std::vector<store::Family> families{{&kA, "one"}, {&kB, "two"}};
  store::Snapshot snapshot;
  snapshot.families = &families;
  const contract::Standard standard;
  CHECK(standard.shown(snapshot, {}).families == std::vector<std::size_t>{0, 1});
  CHECK(standard.shown(snapshot, {{"two"}, {}}).families == std::vector<std::size_t>{1});
}
