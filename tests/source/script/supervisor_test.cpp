#include "source/script/supervisor.hpp"

#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>

#include "source/script/lab.hpp"

using namespace hostmeter;
using namespace hostmeter::test;
using namespace std::chrono_literals;

TEST_CASE("a script runs, and is told of with what it used") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string before = lab.traces();
  const Outcome outcome = lab.run("echo figures; echo remarks >&2; exit 3");
  REQUIRE(outcome.ended);
  CHECK(outcome.out == "figures\n");
  CHECK(outcome.err == "remarks\n");
  CHECK(outcome.ended->exit_status == 3);
  CHECK(outcome.ended->signal == 0);
  CHECK_FALSE(outcome.ended->timed_out);
  CHECK(outcome.ended->wall_ns > 0);
  CHECK(outcome.ended->cpu_user_ns + outcome.ended->cpu_system_ns > 0);
  CHECK(outcome.ended->peak_memory_bytes.value_or(1) > 0);
  CHECK(lab.leaves(before));
}

TEST_CASE("a script that is killed is told of by its signal") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Outcome outcome = lab.run("kill -SEGV $$");
  REQUIRE(outcome.ended);
  CHECK(outcome.ended->signal == SIGSEGV);
}

TEST_CASE("at the limit comes TERM, and the script may tidy up") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  Run run = lab.shell("trap 'echo tidy; exit 4' TERM; while :; do sleep 0.05; done");
  run.limits.wall_ns = patience() * 2'000'000'000;
  run.limits.grace_ns = 20'000'000'000;
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.ended);
  CHECK(outcome.ended->timed_out);
  CHECK(outcome.out == "tidy\n");
  CHECK(outcome.ended->exit_status == 4);
}

TEST_CASE("who ignores TERM dies after the grace, with everything it started") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string before = lab.traces();
  for (const char* attack :
       {"trap '' TERM; while :; do sleep 1; done",
        "trap '' TERM; (setsid sh -c '(sleep 600 &) ; sleep 600' &) ; sleep 600",
        "(trap '' TERM HUP; setsid sleep 600 >/dev/null 2>&1 </dev/null &) ; exit 0"}) {
    CAPTURE(attack);
    Run run = lab.shell(attack);
    run.limits.wall_ns = 300'000'000;
    run.limits.grace_ns = 200'000'000;
    const Outcome outcome = lab.run(run);
    REQUIRE(outcome.ended);
    CHECK(outcome.ended->wall_ns < 30'000'000'000);
    CHECK(lab.leaves(before));
  }
}

TEST_CASE("a fork bomb is bounded and leaves nothing") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string before = lab.traces();
  Run run = lab.shell("bomb() { bomb | bomb & }; bomb; sleep 60");
  run.limits.wall_ns = patience() * 2'000'000'000;
  run.limits.grace_ns = 100'000'000;
  run.limits.processes = 40;
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.ended);
  if (lab.features.has(Feature::processes)) CHECK(outcome.ended->refused_forks.value_or(0) > 0);
  CHECK(lab.leaves(before));
}

TEST_CASE("one more than the pool holds is busy, and the next one is not") {
  if (!can_sandbox()) return;
  Supervisor::Options options;
  options.most = 2;
  ScriptLab lab(options);
  lab.ask(lab.shell("sleep 30"));
  const Run second = lab.shell("sleep 30");
  lab.ask(second);
  REQUIRE(lab.hear());
  REQUIRE(lab.hear());
  const Outcome third = lab.run("true");
  REQUIRE(third.refused);
  CHECK(third.refused->why == Refusal::busy);
  lab.ask(Stop{second.id});
  const auto told = lab.hear();
  REQUIRE(told);
  REQUIRE(std::holds_alternative<Ended>(told->answer));
  CHECK(std::get<Ended>(told->answer).stopped);
  CHECK(lab.run("true").is_clean());
}

TEST_CASE("output that nobody reads on is bounded: its writer is told") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string before = lab.traces();
  const Outcome outcome = lab.run(lab.shell("exec yes"), 1U << 20);
  REQUIRE(outcome.ended);
  CHECK(outcome.out.size() < (2U << 20));
  CHECK(outcome.ended->signal == SIGPIPE);
  CHECK(lab.leaves(before));
}

TEST_CASE("what is no request is refused, and what cannot be executed") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  for (const std::string& bytes : {std::string("nonsense"), std::string(60'000, '\xff')}) {
    REQUIRE(::send(lab.supervisor().fd(), bytes.data(), bytes.size(), 0) > 0);
    const auto told = lab.hear();
    REQUIRE(told);
    const auto* refused = std::get_if<Refused>(&told->answer);
    REQUIRE(refused);
    CHECK(refused->why == Refusal::malformed);
  }
  Run run = lab.shell("");
  run.path = "/bin/no-such-script";
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.refused);
  CHECK(outcome.refused->why == Refusal::script);
  CHECK(outcome.refused->error == ENOENT);
}

TEST_CASE("the supervisor has no right that no sandbox takes, but what may be granted") {
  if (!can_sandbox()) return;
  Supervisor::Options options;
  options.grantable = {CAP_SYS_RAWIO};
  ScriptLab lab(options);
  std::istringstream in(contents("/proc/" + std::to_string(lab.supervisor().pid()) + "/status"));
  std::string word;
  std::uint64_t permitted = 0;
  while (in >> word)
    if (word == "CapPrm:") in >> std::hex >> permitted;
  const auto has = [&](int capability) { return (permitted >> capability & 1U) != 0; };
  CHECK(has(CAP_SYS_ADMIN));
  for (const int capability : {CAP_SYS_MODULE, CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE, CAP_SYS_BOOT})
    CHECK_FALSE(has(capability));
  const auto ours = base::capabilities();
  REQUIRE(ours);
  CHECK(has(CAP_SYS_RAWIO) == ours->permitted.has({CAP_SYS_RAWIO}));
}

TEST_CASE("capabilities beyond what may be granted are refused") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  Run run = lab.shell("true");
  run.allow.capabilities = 1;
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.refused);
  CHECK(outcome.refused->why == Refusal::sandbox);
}

TEST_CASE("all dies with the one who started the supervisor, and its cgroups go") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  lab.ask(lab.shell("trap '' TERM HUP; sleep 600"));
  REQUIRE(lab.hear());
  lab.end();
  const std::string mark = lab.mark();
  for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    CHECK(contents(entry.path() / "environ").find(mark) == std::string::npos);
}

TEST_CASE("runs die with a supervisor that is killed, and the next one clears what it left") {
  if (!can_sandbox()) return;
  ScriptLab first;
  first.ask(first.shell("trap '' TERM HUP; sleep 600"));
  REQUIRE(first.hear());
  ::kill(first.supervisor().pid(), SIGKILL);
  pollfd gone{first.supervisor().fd(), POLLIN, 0};
  CHECK(::poll(&gone, 1, 5000) == 1);
  CHECK_FALSE(first.supervisor().hear());
  Supervisor::Options options;
  options.cgroup = first.cgroup();
  ScriptLab second(options);
  CHECK(second.traces().find("cgroup ") == std::string::npos);
  CHECK(second.traces().find("process ") == std::string::npos);
  CHECK(second.run("true").is_clean());
}
