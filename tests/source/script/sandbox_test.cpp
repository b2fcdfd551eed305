#include "source/script/sandbox.hpp"

#include "source/script/lab.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

TEST_CASE("steps that mount are never taken in the host's namespace") {
  const std::string before = contents("/proc/self/mountinfo");
  Run run;
  Rules rules;
  for (std::size_t i = 0; i < kFeatures; ++i)
    if (!needs_mount_namespace(Feature(i))) rules.features[Feature(i)] = {ENOTSUP, ""};
  CHECK_FALSE(prepare_run({run, rules}));
  CHECK(contents("/proc/self/mountinfo") == before);
}

TEST_CASE("secrets without a place for them cost the run") {
  Run run;
  run.allow.secrets = {"/etc/hostname"};
  Rules rules;
  for (FeatureState& state : rules.features.states) state = {ENOTSUP, ""};
  const auto failure = prepare_run({run, rules});
  REQUIRE(failure);
  CHECK(failure->feature == Feature::hidden);
}

TEST_CASE("a part that fails costs the run, and says which it is") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string before = lab.traces();
  Run run = lab.shell("true");
  run.allow.secrets = {"/etc"};
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.refused);
  CHECK(outcome.refused->why == Refusal::sandbox);
  CHECK(outcome.refused->what.find("a secret is no regular file") != std::string::npos);
  CHECK(lab.leaves(before));
}
