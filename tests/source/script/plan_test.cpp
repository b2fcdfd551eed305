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

TEST_CASE("a rest is short beside every interval, and beside the time a run may take") {
  std::vector<Plan> plans(3);
  for (Plan& plan : plans) plan.limits.wall_ns = 1'000'000;
  plans[1].interval_ns = 100;
  CHECK(longest_rest(plans) == 5);
  plans[2].limits.wall_ns = 12;
  CHECK(longest_rest(plans) == 3);
  CHECK(longest_rest({}) == ~std::uint64_t{0});
}
