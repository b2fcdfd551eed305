#include <doctest/doctest.h>

#include "app/commands.hpp"
#include "app/serving.hpp"
#include "base/clock.hpp"
#include "support/captured_stdout.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

TEST_CASE("check says whether it would start") {
  const test::Tree tree(test::kMachine);
  app::Arguments arguments;
  arguments.paths.root = tree.root().string();
  arguments.listen = "127.0.0.1:19475";
  CHECK(test::captured_stdout([&] {
          CHECK(app::check(arguments) == app::kOk);
        }).find("would start") != std::string::npos);

  config::Settings settings;
  settings.listeners.front().address = {"127.0.0.1", 19475};
  const base::SystemClock clock;
  const app::Serving taken(settings, arguments.paths, clock);
  CHECK(app::check(arguments) == app::kFailed);

  arguments.config = "/nowhere/hostmeter.toml";
  CHECK(app::check(arguments) == app::kUsage);
}
