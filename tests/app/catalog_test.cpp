#include <doctest/doctest.h>

#include "app/commands.hpp"
#include "support/captured_stdout.hpp"

using namespace hostmeter;

TEST_CASE("the catalog names every metric, in words or as JSON") {
  const auto print = [](bool json) {
    app::Arguments arguments;
    arguments.json = json;
    return test::captured_stdout([&] { CHECK(app::catalog(arguments) == app::kOk); });
  };
  CHECK(print(false).find("node_load1") != std::string::npos);
  CHECK(print(true).find("\"node_load1\"") != std::string::npos);
}
