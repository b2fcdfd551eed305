#include <doctest/doctest.h>

#include <fstream>

#include "app/commands.hpp"
#include "support/captured_stdout.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

TEST_CASE("what is recorded reads like what it was recorded from") {
  const test::Tree tree(test::kMachine), out("");
  const auto scrape = [](const std::string& root) {
    app::Arguments arguments;
    arguments.paths.root = root;
    return test::captured_stdout([&] { CHECK(app::once(arguments) == app::kOk); });
  };
  app::Arguments arguments;
  arguments.paths.root = tree.root().string();
  arguments.destination = (out.root() / "copy").string();
  CHECK(app::record(arguments) == app::kOk);
  const std::string copy = scrape(arguments.destination);
  for (const char* line : {"\nnode_load1 0.5\n", "cpu=\"total\"} 1.234567\n"})
    CHECK(copy.find(line) != std::string::npos);

  arguments.as_text = true;
  arguments.destination = (out.root() / "copy.tree").string();
  CHECK(app::record(arguments) == app::kOk);
  std::ifstream text(arguments.destination);
  std::string first;
  std::getline(text, first);
  CHECK(first.starts_with("-- "));
}

TEST_CASE("a directory that holds something already is left alone") {
  const test::Tree tree(test::kMachine), out("-- mine --\n");
  app::Arguments arguments;
  arguments.paths.root = tree.root().string();
  arguments.destination = out.root().string();
  CHECK(app::record(arguments) == app::kFailed);
}
