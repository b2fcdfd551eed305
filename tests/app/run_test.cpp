#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "app/commands.hpp"
#include "support/forked.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

namespace {

// Exit status of an agent that got these signals, one every 300 ms.
int run_with(const app::Arguments& arguments, std::initializer_list<int> signals) {
  const pid_t child = test::forked();
  if (child == 0) ::_exit(app::run(arguments));
  for (const int signal : signals) {
    ::usleep(300'000);
    ::kill(child, signal);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("SIGHUP reloads, SIGTERM ends it with 0") {
  const test::Tree tree(std::string(test::kMachine) + "-- c.toml --\n[log]\nlevel = \"warning\"\n");
  app::Arguments arguments;
  arguments.paths.root = tree.root().string();
  arguments.config = (tree.root() / "c.toml").string();
  arguments.listen = "127.0.0.1:19479";
  CHECK(run_with(arguments, {SIGHUP, SIGTERM}) == 0);
  CHECK(run_with(arguments, {SIGINT}) == 0);
}

TEST_CASE("a configuration that is wrong ends it at once") {
  app::Arguments arguments;
  arguments.config = "/nowhere/hostmeter.toml";
  CHECK(run_with(arguments, {}) == app::kUsage);
}
