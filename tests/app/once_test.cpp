#include <doctest/doctest.h>

#include "app/commands.hpp"
#include "support/captured_stdout.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

TEST_CASE("once prints a scrape of a recorded host") {
  const test::Tree tree(test::kMachine);
  app::Arguments arguments;
  arguments.paths.root = tree.root().string();
  const std::string text = test::captured_stdout([&] { CHECK(app::once(arguments) == app::kOk); });
  CHECK(text.find("\nnode_load1 0.5\n") != std::string::npos);
  CHECK(text.find("\ncontainer_cpu_usage_seconds_total{id=\"" + std::string(test::kContainer) +
                  "\",cpu=\"total\"} 1.234567\n") != std::string::npos);
}

TEST_CASE("once with a bad configuration is a usage error and prints no scrape") {
  app::Arguments arguments;
  arguments.config = "/nowhere/hostmeter.toml";
  CHECK(test::captured_stdout([&] { CHECK(app::once(arguments) == app::kUsage); }).empty());
}
