#include "config/script_check.hpp"

#include <doctest/doctest.h>

#include "config/load.hpp"

using namespace hostmeter::config;

namespace {
std::string problem_of(const char* text) {
  const auto loaded = load_text(text, "t");
  CHECK(loaded.problems.size() == 1);
  return loaded.problems.empty() ? "" : loaded.problems[0];
}
}  // namespace

TEST_CASE("everything that can be set of scripts") {
  const auto loaded = load_text(R"(
[[script]]
run = "/a/one.sh"
name = "first"
arguments = ["-v", ""]
environment = ["A=b"]
interval = "15s"
grace = "0s"
format = "openmetrics"
ignore_error = true
[script.parse]
name = "jobs"
data_type = "float"
query = "a.0"
tags = ["host"]
strings_as_labels = true
[script.limits]
memory = "64MiB"
tmp = "4KiB"
file = "1MiB"
processes = 5
open_files = 32
cpu_percent = 50
series = 7
output = "2KiB"
line = "100B"
[script.allow]
network = true
read = ["/run/a"]
write = ["/srv/a"]
sockets = ["/run/docker.sock"]
devices = ["/dev/sda"]
capabilities = ["CAP_NET_RAW"]
groups = ["docker", "12"]
secrets = ["/etc/a.key"]
[[script]]
run = ["/b/*", "/c/x"]
profile = "telegraf"
[scripts]
directories = []
interval = "30s"
timeout = "2s"
most = 2
strict = true
user = "nobody"
hidden = ["/srv/secret"]
)",
                                "t");
  REQUIRE(loaded.problems == std::vector<std::string>{});
  const Scripts& scripts = loaded.settings.scripts;
  CHECK(scripts.directories.empty());
  CHECK(scripts.most == 2);
  CHECK(scripts.strict);
  CHECK(scripts.user == "nobody");
  CHECK(scripts.hidden == std::vector<std::string>{"/srv/secret"});
  REQUIRE(scripts.each.size() == 2);
  const Script& one = scripts.each[0];
  CHECK(one.run == std::vector<std::string>{"/a/one.sh"});
  CHECK(one.name == "first");
  CHECK(one.arguments == std::vector<std::string>{"-v", ""});
  CHECK(one.environment == std::vector<std::string>{"A=b"});
  CHECK(one.interval_ns == 15'000'000'000);
  CHECK(one.timeout_ns == 2'000'000'000);  // of [scripts], though that comes later
  CHECK(one.grace_ns == 0);
  CHECK(one.format == ScriptFormat::openmetrics);
  CHECK(one.ignore_error);
  CHECK(one.parse == ScriptParse{"jobs", 1, "a.0", {"host"}, true});
  CHECK(one.limits == ScriptLimits{64U << 20, 4096, 1U << 20, 5, 32, 50, 7, 2048, 100});
  CHECK(one.allow.network);
  CHECK(one.allow.read == std::vector<std::string>{"/run/a"});
  CHECK(one.allow.write == std::vector<std::string>{"/srv/a"});
  CHECK(one.allow.sockets == std::vector<std::string>{"/run/docker.sock"});
  CHECK(one.allow.devices == std::vector<std::string>{"/dev/sda"});
  CHECK(one.allow.capabilities == std::vector<std::string>{"CAP_NET_RAW"});
  CHECK(one.allow.groups == std::vector<std::string>{"docker", "12"});
  CHECK(one.allow.secrets == std::vector<std::string>{"/etc/a.key"});
  Script other;
  other.run = {"/b/*", "/c/x"};
  other.profile = ScriptProfile::telegraf;
  other.interval_ns = 30'000'000'000;
  other.timeout_ns = 2'000'000'000;
  CHECK(scripts.each[1] == other);
}

TEST_CASE("a script that makes no sense is one line that says where, what and how to mend it") {
  constexpr const char* kWrong[][2] = {
      {"[[script]]\n", "t:1:1: script: runs nothing; write run = "},
      {"[[script]]\nrun = []\n", "t:1:1: script: runs nothing; write run = "},
      {"[[script]]\nrun = \"x\"\n", "t:2:7: script.run: \"x\" is no path of executables; write "},
      {"[[script]]\nrun = 5\n",
       "t:2:7: script.run: is a whole number; it must be a path or glob or a list of paths or "
       "globs"},
      {"[script]\nrun = \"/a\"\n", "t:1:1: script: is a table; write [[script]] above its keys"},
      {"[[script]]\nrun = \"/a/*\"\nname = \"a\"\n", "t:1:1: script.name: is of several scripts; "},
      {"[[script]]\nrun = [\"/a\", \"/b\"]\nname = \"a\"\n",
       "t:1:1: script.name: is of several scripts; "},
      {"[[script]]\nrun = \"/a\"\nname = \"a\"\n[[script]]\nrun = \"/b\"\nname = \"a\"\n",
       "t:4:1: script.name: \"a\" is already the name of a script above; "},
      {"[[script]]\nrun = \"/a\"\nprofile = \"telegraf\"\n[script.allow]\nread = [\"/b\"]\n",
       "t:1:1: script.allow: is not for a script with a profile, "},
      {"[[script]]\nrun = \"/a\"\n[script.allow]\nsecrets = [\"/a/key\", \"/b/key\"]\n",
       "t:1:1: script.allow.secrets: \"/b/key\" is called as another secret is; "},
      {"[[script]]\nrun = \"/a\"\n[script.allow]\ncapabilities = [\"CAP_X\"]\n",
       "t:4:17: script.allow.capabilities: \"CAP_X\" is no capability; "},
      {"[[script]]\nrun = \"/a\"\n[script.alow]\n",
       "t:3:9: script.alow: is unknown; did you mean \"allow\"?"},
      {"[[script]]\nrun = \"/a\"\n[script.allow]\nsocket = []\n",
       "t:4:1: script.allow.socket: is unknown; did you mean \"sockets\"?"},
      {"[[script]]\nrun = \"/a\"\nmemory = \"1MiB\"\n",
       "t:3:1: script.memory: is unknown here; it belongs in [script.limits]"},
      {"[[script]]\nrun = \"/a\"\nnetwork = true\n",
       "t:3:1: script.network: is unknown here; it belongs in [script.allow]"},
      {"[[script]]\nrun = \"/a\"\n[script.limits]\nmemory = 64\n",
       "t:4:10: script.limits.memory: has no unit; write it as a string"},
      {"[[script]]\nrun = \"/a\"\n[script.limits]\nmemory = \"64MB\"\n",
       "t:4:10: script.limits.memory: \"64MB\" is no size; write it"},
      {"[[script]]\nrun = \"/a\"\n[script.limits]\nmemory = \"1KiB\"\n",
       "t:4:10: script.limits.memory: \"1KiB\" is out of range; it must be \"1MiB\" to \"64GiB\""},
      {"[[script]]\nrun = \"/a\"\nformat = \"jsn\"\n",
       "t:3:10: script.format: \"jsn\" is unknown; "},
      {"[script.allow]\nnetwork = true\n", "t:1:1: script: is a table; write [[script]] above"},
      {"[scripts]\ndirectories = [\"scripts.d\"]\n",
       "t:2:16: scripts.directories: \"scripts.d\" is no directory; "},
      {"[scripts]\nuser = \"a b\"\n",
       "t:2:8: scripts.user: \"a b\" is no name of a user for scripts"},
  };
  for (const auto& [text, problem] : kWrong) {
    const std::string said = problem_of(text);
    CAPTURE(said);
    CHECK(said.starts_with(problem));
  }
}

TEST_CASE("there are not any number of them") {
  std::string text, one;
  for (int i = 0; i < 257; ++i) text += "[[script]]\nrun = \"/a\"\n";
  CHECK(problem_of(text.c_str()).find("more than 256 of them; ") != std::string::npos);
  for (int i = 0; i < 128; ++i) one += "\"x\",";
  text = "[[script]]\nrun = \"/a\"\narguments = [" + one + "]\n";
  CHECK(problem_of(text.c_str()).find("has more than 127 entries; remove some") !=
        std::string::npos);
}
