#include "source/script/plan.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::source::script;

TEST_CASE("a run is what its plan says, of one file") {
  Plan plan;
  plan.run = {"/a/*"};
  plan.arguments = {"-v", ""};
  plan.environment = {"A=b"};
  plan.limits.memory_bytes = 7;
  plan.allow.network = true;
  const Run run = run_of(plan, "/a/x");
  CHECK(run.path == "/a/x");
  CHECK(run.argv == std::vector<std::string>{"/a/x", "-v", ""});
  CHECK(run.environment == plan.environment);
  CHECK(run.limits == plan.limits);
  CHECK(run.allow == plan.allow);
}

TEST_CASE("the shortest interval of all plans") {
  std::vector<Plan> plans(3);
  plans[1].interval_ns = 5;
  CHECK(shortest_interval(plans) == 5);
  CHECK(shortest_interval({}) == ~std::uint64_t{0});
}
