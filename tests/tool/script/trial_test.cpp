#include "tool/script/trial.hpp"

#include <csignal>

#include "source/script/fake_supervisor.hpp"
#include "source/script/lab.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

namespace {

struct Lab {
  Lab() {
    Supervisor::Options options;
    options.cgroup = "hostmeter-test-" + std::to_string(::getpid());
    auto started = Supervisor::start(options);
    REQUIRE(started);
    supervisor.emplace(std::move(*started));
    const auto standing = tool::hear_standing(*supervisor);
    REQUIRE(standing);
    features = *standing;
  }
  tool::Trial run(const char* command, std::size_t most_bytes = 1U << 20) {
    Run run;
    run.id = ++last;
    run.path = "/bin/sh";
    run.argv = {"sh", "-c", command};
    run.limits.wall_ns = 60'000'000'000;
    auto trial = tool::try_once(*supervisor, run, most_bytes);
    REQUIRE(trial);
    return std::move(*trial);
  }
  std::optional<Supervisor> supervisor;
  FeatureStates features;
  std::uint64_t last = 0;
};

}  // namespace

TEST_CASE("what a run prints and says is there when it has ended") {
  Lab lab;
  CHECK(lab.features.has(Feature::no_new_privs));
  const tool::Trial trial = lab.run("echo a 1; echo oh >&2; sleep 0.1; echo b 2; exit 3");
  REQUIRE(trial.ended);
  REQUIRE(trial.output);
  CHECK_FALSE(trial.refused);
  CHECK(trial.ended->exit_status == 3);
  CHECK(trial.output->text() == "a 1\nb 2\n");
  CHECK(trial.output->remarks() == "oh\n");
}

TEST_CASE("what the shortest run prints is there, too") {
  if (!test::can_sandbox()) return;
  Lab lab;
  for (int tries = 0; tries < 10; ++tries) {
    const tool::Trial trial = lab.run("echo a 1");
    REQUIRE(trial.output);
    CHECK(trial.output->text() == "a 1\n");
  }
}

TEST_CASE("one that prints on and on is stopped") {
  Lab lab;
  const tool::Trial trial = lab.run("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaa 1; done", 10'000);
  REQUIRE(trial.ended);
  REQUIRE(trial.output);
  CHECK(trial.ended->stopped);
  CHECK(trial.output->is_cut());
  CHECK(trial.output->text().size() <= 10'000);
}

TEST_CASE("one that is refused says why") {
  Lab lab;
  Run run;
  run.id = 1;
  run.path = "/nowhere/script";
  run.argv = {"script"};
  const auto trial = tool::try_once(*lab.supervisor, run, 100);
  REQUIRE(trial);
  CHECK(trial->refused);
  CHECK_FALSE(trial->output);
}

TEST_CASE("a supervisor that is gone is an error, not a wait") {
  Lab lab;
  ::kill(lab.supervisor->pid(), SIGKILL);
  Run run;
  run.id = 1;
  run.path = "/bin/true";
  run.argv = {"true"};
  // Its socket may take the request still.
  const auto trial = tool::try_once(*lab.supervisor, run, 100);
  CHECK_FALSE(trial);
}

TEST_CASE("a supervisor that says nothing is not waited for without end") {
  const FakeSupervisor silent;
  CHECK(tool::hear_standing(silent.shared.it(), 20'000'000).error().code == ETIMEDOUT);
  Run run;
  run.path = "/bin/true";
  run.argv = {"true"};
  run.limits.wall_ns = run.limits.grace_ns = 10'000'000;
  CHECK(tool::try_once(silent.shared.it(), run, 100, 20'000'000).error().code == ETIMEDOUT);
}
