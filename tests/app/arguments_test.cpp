#include "app/arguments.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hostmeter::app;

namespace {

std::variant<Arguments, int> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "hostmeter");
  return parse_arguments(int(words.size()), words.data());
}
Arguments parsed(std::vector<const char*> words) {
  auto result = parse(std::move(words));
  REQUIRE(std::holds_alternative<Arguments>(result));
  return std::get<Arguments>(result);
}

}  // namespace

TEST_CASE("without a word the agent runs on its defaults") {
  const Arguments arguments = parsed({});
  CHECK(arguments.command == Command::run);
  CHECK(arguments.paths.root == "/");
  CHECK_FALSE(arguments.config);
}

TEST_CASE("each subcommand takes its flags") {
  const Arguments run = parsed(
      {"run", "--config", "a.toml", "--listen", ":1", "--root", "/host", "--log-level", "debug"});
  CHECK(run.config == "a.toml");
  CHECK(run.listen == ":1");
  CHECK(run.paths.root == "/host");
  CHECK(run.paths.root_is_given);
  CHECK_FALSE(run.paths.procfs_is_given);
  CHECK(parsed({"run", "--root", "/"}).paths.root_is_given);
  CHECK(parsed({"check", "--procfs", "/proc"}).paths.procfs_is_given);
  CHECK(parsed({"once", "--sysfs", "/sys"}).paths.sysfs_is_given);
  CHECK(run.log_level == "debug");
  CHECK(parsed({"once", "--procfs", "/p", "--sysfs", "/s"}).paths.sysfs == "/s");
  CHECK(parsed({"check"}).command == Command::check);
  CHECK(parsed({"catalog", "--json"}).json);
  const Arguments script = parsed({"script", "run", "check_cert", "--config", "c.toml"});
  CHECK(script.command == Command::script_run);
  CHECK(script.script == "check_cert");
  CHECK(script.config == "c.toml");
  CHECK(parsed({"script", "list"}).command == Command::script_list);
  const Arguments record = parsed({"record", "--text", "host.tree"});
  CHECK(record.as_text);
  CHECK(record.destination == "host.tree");
  CHECK(parsed({"version"}).command == Command::version);
  CHECK(parsed({"--version"}).command == Command::version);
}

TEST_CASE("files of a telegraf.conf may be several") {
  const Arguments run = parsed({"run", "--config", "a", "--config=b", "--config", "c"});
  CHECK(run.config == "a");
  CHECK(run.more_configs == std::vector<std::string>{"b", "c"});
  const Arguments script = parsed({"script", "run", "--config", "a", "name"});
  CHECK(script.script == "name");
  CHECK(script.more_configs.empty());
}

TEST_CASE("what makes no sense is a usage error, help is none") {
  CHECK(std::get<int>(parse({"rnu"})) == kUsage);
  CHECK(std::get<int>(parse({"run", "--no-such-flag"})) == kUsage);
  CHECK(std::get<int>(parse({"run", "--log-level", "loud"})) == kUsage);
  CHECK(std::get<int>(parse({"record"})) == kUsage);
  CHECK(std::get<int>(parse({"script"})) == kUsage);
  CHECK(std::get<int>(parse({"script", "run"})) == kUsage);
  CHECK(std::get<int>(parse({"--help"})) == kOk);
}

TEST_CASE("doctor takes the flags of run, and --json") {
  const Arguments arguments = parsed({"doctor", "--json", "--root", "/somewhere"});
  CHECK(arguments.command == Command::doctor);
  CHECK(arguments.json);
  CHECK(arguments.paths.root == "/somewhere");
}

TEST_CASE("diff takes two URLs, and what to compare of them") {
  const Arguments arguments =
      parsed({"diff", "http://a", "http://b", "--times", "5", "--only", "x_*", "--ignore", "x_y",
              "--ignore-label", "host", "--ignore-label", "instance", "--rename", "a=b",
              "--tolerance", "0.5", "--json"});
  CHECK(arguments.command == Command::diff);
  CHECK(arguments.json);
  const DiffArguments& diff = arguments.diff;
  CHECK(diff.a == "http://a");
  CHECK(diff.b == "http://b");
  CHECK(diff.times == 5);
  CHECK(diff.only == std::vector<std::string>{"x_*"});
  CHECK(diff.ignore == std::vector<std::string>{"x_y"});
  CHECK(diff.ignored_labels == std::vector<std::string>{"host", "instance"});
  CHECK(diff.renamed == std::vector<std::string>{"a=b"});
  CHECK(diff.tolerance == 0.5);
  CHECK(std::get<int>(parse({"diff", "http://a"})) == kUsage);
  CHECK(std::get<int>(parse({"diff", "http://a", "http://b", "--times", "0"})) == kUsage);
  CHECK(std::get<int>(parse({"diff", "http://a", "http://b", "--tolerance", "-1"})) == kUsage);
}
