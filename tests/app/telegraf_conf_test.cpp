#include "app/telegraf_conf.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include "app/commands.hpp"
#include "app/settings.hpp"
#include "support/captured_stdout.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

namespace {

const char* const kFiles =
    "-- good.conf --\n[agent]\ninterval = \"15s\"\nflush_jitter = \"0s\"\n[[inputs.cpu]]\n"
    "[[outputs.prometheus_client]]\nlisten = \"127.0.0.1:19477\"\n"
    "-- lossy.conf --\n[[inputs.cpu]]\n\n[[inputs.nginx]]\n[[outputs.prometheus_client]]\n"
    "listen = \"127.0.0.1:19477\"\n"
    "-- broken.conf --\n[agent]\ninterval = 15s\n"
    "-- ours.toml --\n[collect]\n"
    "-- d/more.conf --\n[[inputs.mem]]\n[global_tags]\ndc = \"$HOSTMETER_TEST_DC\"\n";

app::Arguments at(const test::Tree& tree, const char* file) {
  app::Arguments arguments;
  arguments.config = (tree.root() / file).string();
  arguments.paths.root = tree.root().string();
  return arguments;
}

struct Said {
  int status;
  std::string text;
  bool has(const std::string& part) const { return text.find(part) != std::string::npos; }
};

Said checked(const app::Arguments& arguments) {
  Said said{};
  said.text = test::captured_stdout([&] { said.status = app::check(arguments); });
  return said;
}

}  // namespace

TEST_CASE("a file of ours is none of Telegraf's") {
  const test::Tree tree(std::string(test::kMachine) + kFiles);
  CHECK_FALSE(app::load_telegraf(at(tree, "ours.toml")));
  CHECK_FALSE(app::load_telegraf(at(tree, "none.conf")));
  CHECK(app::load_telegraf(at(tree, "good.conf")));
}

TEST_CASE("check prints what a telegraf.conf asks for that is not done, and exits accordingly") {
  const test::Tree tree(std::string(test::kMachine) + kFiles);
  const std::string root = tree.root();
  const Said good = checked(at(tree, "good.conf"));
  CHECK(good.status == app::kOk);
  CHECK(good.has(root + "/good.conf:3  agent.flush_jitter  -        has no meaning"));
  CHECK(good.has("nothing is lost"));
  CHECK(good.has("would start"));
  const Said lossy = checked(at(tree, "lossy.conf"));
  CHECK(lossy.status == app::kLoses);
  CHECK(lossy.has(root + "/lossy.conf:3  inputs.nginx  LOST     is not supported"));
  CHECK(checked(at(tree, "broken.conf")).status == app::kFailed);
}

TEST_CASE("without an output that can be served nothing starts") {
  const test::Tree tree(std::string(test::kMachine) +
                        "-- t.conf --\n[[inputs.cpu]]\n[[outputs.influxdb]]\n");
  CHECK(checked(at(tree, "t.conf")).status == app::kLoses);
  CHECK_FALSE(app::settings_or_say(at(tree, "t.conf")));
}

TEST_CASE("the command line wins over a telegraf.conf, too") {
  const test::Tree tree(std::string(test::kMachine) + kFiles);
  app::Arguments arguments = at(tree, "good.conf");
  arguments.listen = ":1";
  arguments.log_level = "error";
  const auto settings = app::settings_or_say(arguments);
  REQUIRE(settings);
  CHECK(settings->listeners.at(0).address == config::Address{"", 1});
  CHECK(settings->listeners.at(0).contract == config::Contract::telegraf);
  CHECK(settings->log.level == config::LogLevel::error);
}

TEST_CASE("files of directories are added, with variables of the environment") {
  const test::Tree tree(std::string(test::kMachine) + kFiles);
  ::setenv("HOSTMETER_TEST_DC", "fra1", 1);
  app::Arguments arguments = at(tree, "good.conf");
  arguments.config_directories = {(tree.root() / "d").string()};
  const auto loaded = app::load_telegraf(arguments);
  ::unsetenv("HOSTMETER_TEST_DC");
  REQUIRE(loaded);
  CHECK(loaded->settings.inputs.size() == 2);
  CHECK(loaded->settings.global_tags == config::telegraf::Tags{{"dc", "fra1"}});
  arguments.config.reset();
  CHECK(app::load_telegraf(arguments)->settings.inputs.size() == 1);
}

TEST_CASE("files given again add up, and only those of a telegraf.conf") {
  const test::Tree tree(std::string(test::kMachine) + kFiles);
  app::Arguments arguments = at(tree, "good.conf");
  arguments.more_configs = {(tree.root() / "d/more.conf").string()};
  REQUIRE(app::load_telegraf(arguments));
  CHECK(app::load_telegraf(arguments)->settings.inputs.size() == 2);
  arguments = at(tree, "ours.toml");
  arguments.more_configs = {(tree.root() / "ours.toml").string()};
  CHECK_FALSE(app::settings_or_say(arguments));
}

TEST_CASE("an output whose TLS cannot be had is lost, and no other") {
  const test::Tree tree(
      std::string(test::kMachine) +
      "-- tls.conf --\n[[inputs.cpu]]\n[[outputs.prometheus_client]]\nlisten = "
      "\"127.0.0.1:19477\"\n[[outputs.prometheus_client]]\nlisten = \"127.0.0.1:19479\"\n"
      "tls_cert = \"/none.pem\"\ntls_key = \"/none.key\"\n");
  const Said said = checked(at(tree, "tls.conf"));
  CHECK(said.status == app::kLoses);
  CHECK(
      said.has("tls.conf:4  outputs.prometheus_client  LOST     listener 127.0.0.1:19479: "
               "/none.pem: no certificate"));
  CHECK(said.has("would serve http://127.0.0.1:19477/metrics"));
  CHECK_FALSE(said.has("nothing is lost"));
}

TEST_CASE("variables of Telegraf's containers say where the host is, and the command line wins") {
  const test::Tree tree(std::string(test::kMachine) + kFiles);
  const std::string root = tree.root();
  const auto paths_with = [&](std::initializer_list<std::pair<const char*, std::string>> set,
                              app::Arguments arguments) {
    for (const auto& [name, value] : set) ::setenv(name, value.c_str(), 1);
    const app::Paths paths = app::paths_of(arguments);
    const auto loaded = app::load_telegraf(arguments);
    std::string said;
    for (const std::string& line :
         loaded ? app::telegraf_findings(*loaded) : std::vector<std::string>())
      said += line + '\n';
    for (const auto& [name, value] : set) ::unsetenv(name);
    return std::pair(paths, said);
  };
  app::Arguments arguments = at(tree, "good.conf");
  arguments.paths = {};
  const auto [all, said] = paths_with({{"HOST_PROC", "/h/proc"},
                                       {"HOST_SYS", "/h/sys"},
                                       {"HOST_MOUNT_PREFIX", "/h"},
                                       {"HOST_ETC", "/h/etc"},
                                       {"HOST_VAR", "/x/var"}},
                                      arguments);
  CHECK(all.root == "/h");
  CHECK(all.procfs == "/h/proc");
  CHECK(all.sysfs == "/h/sys");
  CHECK(said.find("$HOST_PROC") != std::string::npos);
  CHECK(said.find("is taken as --root") != std::string::npos);
  CHECK(said.find("$HOST_VAR") != std::string::npos);
  CHECK(said.find("$HOST_ETC") == std::string::npos);
  CHECK(paths_with({{"HOST_ROOT", "/nowhere"}}, arguments).first.procfs == "/proc");
  CHECK(paths_with({{"HOST_ROOT", root}}, arguments).first.procfs.empty());
  arguments.paths = {
      .root = "/mine", .procfs = "/p", .root_is_given = true, .procfs_is_given = true};
  const auto given = paths_with({{"HOST_PROC", "/h/proc"}, {"HOST_ROOT", "/h"}}, arguments);
  CHECK(given.first.root == "/mine");
  CHECK(given.first.procfs == "/p");
  CHECK(given.second.find("has no effect: --procfs is given") != std::string::npos);
  CHECK(given.second.find("has no effect: --root is given") != std::string::npos);
  CHECK(given.second.find("is taken as") == std::string::npos);
  // Given is given, be it what it would be anyway.
  arguments.paths = {.root = "/",
                     .procfs = "/proc",
                     .sysfs = "/sys",
                     .root_is_given = true,
                     .procfs_is_given = true,
                     .sysfs_is_given = true};
  const auto [usual, said_of_usual] = paths_with({{"HOST_PROC", "/h/proc"},
                                                  {"HOST_SYS", "/h/sys"},
                                                  {"HOST_MOUNT_PREFIX", "/h"},
                                                  {"HOST_VAR", "/var"}},
                                                 arguments);
  CHECK(usual.root == "/");
  CHECK(usual.procfs == "/proc");
  CHECK(usual.sysfs == "/sys");
  CHECK(said_of_usual.find("$HOST_VAR") == std::string::npos);
  arguments = at(tree, "ours.toml");
  arguments.paths = {};
  CHECK(paths_with({{"HOST_PROC", "/h/proc"}}, arguments).first.procfs.empty());
}
