#include <doctest/doctest.h>

#include "app/commands.hpp"
#include "support/captured_stdout.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

namespace {
std::string diagnosis(const test::Tree& tree, bool json) {
  app::Arguments arguments;
  arguments.paths.root = tree.root().string();
  arguments.json = json;
  return test::captured_stdout([&] { CHECK(app::doctor(arguments) == app::kOk); });
}
bool says(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}
}  // namespace

TEST_CASE("doctor says how each group is read, and claims nothing of a recorded kernel") {
  const test::Tree tree(test::kMachine);
  const std::string text = diagnosis(tree, false);
  CHECK(says(text, "cgroup v2, 3 cgroups, 1 docker container\n"));
  CHECK(says(text, "\n  cgroup_blkio          file"));
  CHECK(says(text, "a recorded host has no kernel to ask"));
  CHECK(says(text, "CAP_NET_ADMIN"));
}

TEST_CASE("doctor counts what it could not read, by reader") {
  std::string machine = test::kMachine;
  machine += "-- proc/meminfo --\nMemTotal: none\n";
  const test::Tree tree(machine);
  CHECK(says(diagnosis(tree, false), "could not be read"));
  CHECK(says(diagnosis(tree, true), "\"mode\": \"file\""));
}

TEST_CASE("doctor with a bad configuration is a usage error") {
  app::Arguments arguments;
  arguments.config = "/nowhere/hostmeter.toml";
  CHECK(test::captured_stdout([&] { CHECK(app::doctor(arguments) == app::kUsage); }).empty());
}
