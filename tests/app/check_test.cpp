#include <doctest/doctest.h>

#include "app/commands.hpp"
#include "app/serving.hpp"
#include "base/clock.hpp"
#include "support/captured_stdout.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

namespace {

struct Said {
  int status;
  std::string text;
  bool has(const char* part) const { return text.find(part) != std::string::npos; }
};

Said checked(const app::Arguments& arguments) {
  Said said{};
  said.text = test::captured_stdout([&] { said.status = app::check(arguments); });
  return said;
}

app::Arguments at(const test::Tree& tree, const char* address) {
  app::Arguments arguments;
  arguments.paths.root = tree.root().string();
  arguments.listen = address;
  return arguments;
}

}  // namespace

TEST_CASE("check says whether it would start, and where it would serve") {
  const test::Tree tree(test::kMachine);
  for (const char* address : {"127.0.0.1:19475", ":19475", "localhost:19475"}) {
    const Said said = checked(at(tree, address));
    CHECK_MESSAGE(said.status == app::kOk, address);
    CHECK(said.has("would start"));
    CHECK(said.has("would serve http://"));
  }
  // For documentation (RFC 5737), so not an address of ours.
  CHECK(checked(at(tree, "192.0.2.1:19475")).status == app::kFailed);
}

TEST_CASE("check may be used beside the agent that has the port") {
  const test::Tree tree(test::kMachine);
  app::Arguments arguments = at(tree, "127.0.0.1:19475");
  config::Settings settings;
  settings.listeners.front().address = {"127.0.0.1", 19475};
  const base::SystemClock clock;
  const app::Serving running(settings, arguments.paths, clock);
  for (const char* address : {"127.0.0.1:19475", ":19475"}) {
    arguments.listen = address;
    const Said said = checked(arguments);
    CHECK(said.status == app::kOk);
    CHECK(said.has("remark: "));
    CHECK(said.has("if a running hostmeter has it"));
    CHECK_FALSE(said.has("would serve"));
  }
}

TEST_CASE("check says why it would not start") {
  const test::Tree tree(test::kMachine);
  app::Arguments arguments = at(tree, "127.0.0.1:19475");
  arguments.paths.root = "/nowhere";
  CHECK(checked(arguments).status == app::kFailed);
  arguments.config = "/nowhere/hostmeter.toml";
  CHECK(checked(arguments).status == app::kUsage);
}
