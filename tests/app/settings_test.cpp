#include "app/settings.hpp"

#include <doctest/doctest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

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

TEST_CASE("what a telegraf.conf loses is told, however quiet the log is") {
  const test::Tree tree(
      "-- t.conf --\n[agent]\nquiet = true\nflush_interval = \"1s\"\nintervall = \"1s\"\n"
      "[[inputs.cpu]]\n[[outputs.influxdb]]\n[[outputs.prometheus_client]]\n");
  app::Arguments arguments;
  arguments.config = (tree.root() / "t.conf").string();
  std::ostringstream told;
  const auto before = spdlog::default_logger();
  const auto logger = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(told));
  logger->set_level(spdlog::level::err);
  spdlog::set_default_logger(logger);
  CHECK(app::settings_or_say(arguments));
  spdlog::set_default_logger(before);
  const std::string text = told.str();
  CHECK(text.find("[warning] ") != std::string::npos);
  CHECK(text.find("outputs.influxdb") != std::string::npos);
  CHECK(text.find("agent.intervall") != std::string::npos);
  CHECK(text.find("what is marked LOST is not served") != std::string::npos);
  CHECK(text.find("flush_interval") == std::string::npos);
  CHECK(logger->level() == spdlog::level::err);
}
