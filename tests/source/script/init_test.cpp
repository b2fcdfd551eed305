#include "source/script/init.hpp"

#include <sys/wait.h>

#include <array>

#include "source/script/lab.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

TEST_CASE("descriptors are closed from one on") {
  const pid_t child = ::fork();
  if (child == 0) {
    const int low = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int high = ::fcntl(low, F_DUPFD, 100);
    const int higher = ::fcntl(low, F_DUPFD, 200);
    close_from(high);
    ::_exit(::fcntl(low, F_GETFD) >= 0 && ::fcntl(high, F_GETFD) < 0 && ::fcntl(higher, F_GETFD) < 0
                ? 0
                : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("orphans are reaped, and the run ends with its script") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string before = lab.traces();
  // More than the run may have at once, one after the other, each left to the first process.
  Run run =
      lab.shell("i=0; while [ $i -lt 60 ]; do (true & ) ; i=$((i+1)); done; sleep 600 & exit 5");
  run.limits.processes = 20;
  run.limits.wall_ns = 30'000'000'000;
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.ended);
  CHECK(outcome.ended->exit_status == 5);
  CHECK_FALSE(outcome.ended->timed_out);
  CHECK(lab.leaves(before));
}

TEST_CASE("a link into a directory of another user's is refused, and is run once it is root's") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  std::string name = "/var/hostmeter-test-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  REQUIRE(::chmod(name.c_str(), 0755) == 0);
  std::filesystem::create_directories(name + "/app/checks");
  std::ofstream(name + "/app/checks/script") << "#!/bin/sh\necho $0\n";
  REQUIRE(::chmod((name + "/app/checks/script").c_str(), 0755) == 0);
  std::filesystem::create_symlink("app/checks/script", name + "/link");
  Run run = lab.shell("");
  run.path = name + "/link";
  CHECK(lab.run(run).out == run.path + "\n");
  REQUIRE(::chown((name + "/app").c_str(), 12345, 12345) == 0);
  run.id += 100;
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.refused);
  CHECK(outcome.refused->why == Refusal::script);
  CHECK(outcome.refused->what == "a directory on the way to it is another user's");
  std::filesystem::remove_all(name);
}

TEST_CASE("a script that others can write to is refused") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  std::string name = "/var/hostmeter-test-XXXXXX";
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  Run run = lab.shell("");
  run.path = name + "/script";
  std::ofstream(run.path) << "#!/bin/sh\necho ran\n";
  REQUIRE(::chmod(name.c_str(), 0755) == 0);
  REQUIRE(::chmod(run.path.c_str(), 0755) == 0);
  CHECK(lab.run(run).out == "ran\n");
  REQUIRE(::chmod(run.path.c_str(), 0777) == 0);
  run.id += 100;
  const Outcome outcome = lab.run(run);
  REQUIRE(outcome.refused);
  CHECK(outcome.refused->why == Refusal::script);
  CHECK(outcome.refused->what == "others can write to it");
  std::filesystem::remove_all(name);
}
