#include "app/settings.hpp"

#include <doctest/doctest.h>

#include "support/tree.hpp"

using namespace hostmeter;
using Problems = std::vector<std::string>;

TEST_CASE("the command line wins over the file") {
  const test::Tree tree(
      "-- c.toml --\n[log]\nlevel = \"error\"\n[[listener]]\naddress = \":1111\"\n");
  app::Arguments arguments;
  arguments.config = (tree.root() / "c.toml").string();
  arguments.listen = "127.0.0.1:2222";
  arguments.log_level = "debug";
  const auto loaded = app::load_settings(arguments);
  REQUIRE(std::holds_alternative<config::Settings>(loaded));
  const auto& settings = std::get<config::Settings>(loaded);
  CHECK(settings.listeners.front().address == config::Address{"127.0.0.1", 2222});
  CHECK(settings.log.level == config::LogLevel::debug);
}

TEST_CASE(
    "all problems at once, a reader that does not exist among them with the nearest that does") {
  const test::Tree tree(
      "-- c.toml --\n[collect]\ndisable = [\"hwmno\"]\n[labels]\ndevice = \"x\"\n");
  app::Arguments arguments;
  arguments.config = (tree.root() / "c.toml").string();
  arguments.listen = "nonsense";
  const auto loaded = app::load_settings(arguments);
  REQUIRE(std::holds_alternative<Problems>(loaded));
  const auto& problems = std::get<Problems>(loaded);
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].find("c.toml:2") != std::string::npos);
  CHECK(problems[0].find("hwmon") != std::string::npos);
  CHECK(problems[1].find("device") != std::string::npos);
  CHECK(problems[2].find("--listen nonsense") != std::string::npos);
}

TEST_CASE("a reader that disable does not switch off is refused with what does") {
  const test::Tree tree("-- c.toml --\n[collect]\ndisable = [\"cgroup_walk\", \"cgroup_tree\"]\n");
  app::Arguments arguments;
  arguments.config = (tree.root() / "c.toml").string();
  const auto loaded = app::load_settings(arguments);
  REQUIRE(std::holds_alternative<Problems>(loaded));
  const auto& problems = std::get<Problems>(loaded);
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].find("\"cgroup_walk\" is not switched off here; set walk = false in [bpf]") !=
        std::string::npos);
  CHECK(problems[1].find("\"cgroup_tree\" cannot be switched off") != std::string::npos);
  CHECK_FALSE(app::settings_or_say(arguments));
}

TEST_CASE("a file that was named must be there") {
  app::Arguments arguments;
  arguments.config = "/nowhere/hostmeter.toml";
  CHECK(std::holds_alternative<Problems>(app::load_settings(arguments)));
}
