#include "contract/contract.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;
using contract::Contract;
using contract::Selection;

TEST_CASE("collect[] names what is wanted, exclude[] what is not") {
  CHECK(Selection{}.takes("cpu"));
  CHECK(Selection{{"cpu", "meminfo"}, {}}.takes("cpu"));
  CHECK_FALSE(Selection{{"meminfo"}, {}}.takes("cpu"));
  CHECK_FALSE(Selection{{}, {"cpu"}}.takes("cpu"));
  CHECK_FALSE(Selection{{"cpu"}, {"cpu"}}.takes("cpu"));
}

TEST_CASE("a name that no collector has is found out") {
  static constexpr MetricDesc kMetric{Kind::gauge, Unit::none, "m", "Test."};
  const std::vector<store::Family> families{{&kMetric, "cpu"}};
  CHECK(Contract::unknown_name(families, {{"cpu"}, {}}).empty());
  CHECK(Contract::unknown_name(families, {{"cpu", "cpuu"}, {}}) == "cpuu");
  CHECK(Contract::unknown_name(families, {{}, {"disk"}}) == "disk");
}
