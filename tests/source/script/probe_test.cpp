#include "source/script/probe.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include "source/script/identity.hpp"
#include "source/script/lab.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

TEST_CASE("with all rights every part is in force, but those that the kernel lacks") {
  if (!can_sandbox()) return;
  const ScriptLab lab;
  for (std::size_t i = 0; i < kFeatures; ++i) {
    const FeatureState& state = lab.features.states[i];
    CAPTURE(to_string(Feature(i)));
    CAPTURE(state.what);
    const bool may_lack = Feature(i) == Feature::landlock || Feature(i) == Feature::memory ||
                          Feature(i) == Feature::processes || Feature(i) == Feature::cpu;
    CHECK((state.error == 0 || may_lack));
  }
}

// As a user without rights runs it: all that is left is said, scripts run and die all the same.
TEST_CASE("without rights parts are lacking, aloud, and trees of processes die nevertheless") {
  if (!can_sandbox()) return;
  const pid_t child = ::fork();
  if (child == 0) {
    if (drop_bounding_set({}) || take_user({65534, 65534}, {}) || keep_capabilities({})) ::_exit(1);
    ScriptLab lab;
    const bool is_said =
        !lab.features.has(Feature::pid_namespace) && !lab.features.has(Feature::hidden) &&
        !lab.features[Feature::user].what.empty() && lab.features.has(Feature::seccomp) &&
        lab.features.has(Feature::no_new_privs);
    Run run = lab.shell("echo ran; trap '' TERM; (setsid sleep 600 &); sleep 600");
    run.limits.wall_ns = 2'000'000'000;
    run.limits.grace_ns = 100'000'000;
    const std::string before = lab.traces();
    const Outcome outcome = lab.run(run);
    const bool has_died = outcome.ended && outcome.ended->timed_out && lab.leaves(before);
    ::_exit(is_said && has_died && outcome.out == "ran\n" ? 0 : 2);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("who is strict runs nothing with less than everything") {
  if (!can_sandbox()) return;
  const pid_t child = ::fork();
  if (child == 0) {
    if (drop_bounding_set({}) || take_user({65534, 65534}, {}) || keep_capabilities({})) ::_exit(1);
    Supervisor::Options options;
    options.strict = true;
    ScriptLab lab(options);
    const Outcome outcome = lab.run("true");
    ::_exit(outcome.refused && outcome.refused->why == Refusal::strict &&
                    outcome.refused->what.starts_with("pid_namespace: ")
                ? 0
                : 2);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
