#include "app/scripts.hpp"

#include <doctest/doctest.h>
#include <sys/capability.h>
#include <unistd.h>

#include <csignal>

#include "config/schema.hpp"
#include "support/made_up_machine.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using app::script_plans;
using source::script::Plan;

namespace {

config::Settings with(config::Script script) {
  config::Settings settings;
  settings.scripts.directories.clear();
  settings.scripts.each = {std::move(script)};
  return settings;
}

config::Script script(const char* path) {
  config::Script script;
  script.run = {path};
  return script;
}

}  // namespace

TEST_CASE("what settings say by default is what plans are by default") {
  const auto made = script_plans(with(script("/a/b.sh")));
  Plan expected;
  expected.run = {"/a/b.sh"};
  REQUIRE(made.plans.size() == 1);
  CHECK(made.plans[0] == expected);
  CHECK(made.remarks.empty());
}

TEST_CASE("every setting of a script arrives in its plan") {
  config::Script all = script("/a");
  all.name = "n";
  all.arguments = {"x"};
  all.environment = {"A=b"};
  all.interval_ns = 1;
  all.timeout_ns = 2;
  all.grace_ns = 3;
  all.ignore_error = true;
  all.format = config::ScriptFormat::json;
  all.parse = {"jobs", 1, "a.0", {"host"}, true, {"text"}, "key", false, "f", true};
  all.limits = {4, 5, 6, 7, 8, 9, 10, 11, 12};
  all.allow.network = true;
  all.allow.read = {"/r"};
  all.allow.write = {"/w"};
  all.allow.sockets = {"/s"};
  all.allow.devices = {"/dev/d"};
  all.allow.secrets = {"/k"};
  all.allow.capabilities = {"CAP_NET_RAW", "CAP_CHOWN"};
  all.allow.groups = {"root", "4711"};
  const auto made = script_plans(with(all));
  Plan expected;
  expected.name = "n";
  expected.run = {"/a"};
  expected.arguments = {"x"};
  expected.environment = {"A=b"};
  expected.interval_ns = 1;
  expected.limits.wall_ns = 2;
  expected.limits.grace_ns = 3;
  expected.ignore_error = true;
  expected.limits.memory_bytes = 4;
  expected.limits.tmp_bytes = 5;
  expected.limits.file_bytes = 6;
  expected.limits.processes = 7;
  expected.limits.open_files = 8;
  expected.limits.cpu_permille = 90;
  expected.output.format = parse::Format::json;
  expected.output.name = "jobs";
  expected.output.naming.string_as_label = true;
  expected.output.json.query = "a.0";
  expected.output.json.tag_keys = {"host"};
  expected.output.naming.keeps_origin = true;
  expected.output.json.string_fields = {"text"};
  expected.output.json.name_key = "key";
  expected.output.json.strict = false;
  expected.output.value.field = "f";
  expected.output.value.type = parse::ValueType::real;
  expected.most_series = 10;
  expected.most_bytes = 11;
  expected.most_line_bytes = 12;
  expected.allow = {.network = true,
                    .read = {"/r"},
                    .write = {"/w"},
                    .sockets = {"/s"},
                    .devices = {"/dev/d"},
                    .secrets = {"/k"},
                    .capabilities = base::CapabilitySet{CAP_NET_RAW, CAP_CHOWN}.bits(),
                    .groups = {0, 4711}};
  REQUIRE(made.plans.size() == 1);
  CHECK(made.plans[0] == expected);
}

TEST_CASE("formats and types are called in the settings as they are known") {
  for (std::size_t i = 0; i < std::size(config::kScriptDataTypes); ++i)
    CHECK(parse::value_type(config::kScriptDataTypes[i]));
  for (const config::Key& key : config::keys())
    if (key.table == "script" && key.name == "format") {
      const auto names = std::get<config::Choice>(key.shape).choices;
      for (std::size_t i = 0; i < names.size(); ++i)
        CHECK(parse::format_of(names[i]) == parse::Format(i));
    }
}

TEST_CASE("directories come after what is named, with the defaults of [scripts]") {
  config::Settings settings = with(script("/a"));
  settings.scripts.directories = {"/etc/x.d"};
  settings.scripts.interval_ns = 7;
  settings.scripts.timeout_ns = 8;
  const auto made = script_plans(settings);
  REQUIRE(made.plans.size() == 2);
  CHECK(made.plans[0].run == std::vector<std::string>{"/a"});
  CHECK(made.plans[1].run == std::vector<std::string>{"/etc/x.d/*"});
  CHECK(made.plans[1].interval_ns == 7);
  CHECK(made.plans[1].limits.wall_ns == 8);
  CHECK(made.plans[1].allow == source::script::Allowances());
  settings.scripts.enabled = false;
  CHECK(script_plans(settings).plans.empty());
}

TEST_CASE("a group that is not there costs its script, and it is said how to mend it") {
  config::Script lacking = script("/a");
  lacking.allow.groups = {"no-such-group"};
  config::Settings settings = with(lacking);
  settings.scripts.each.push_back(script("/b"));
  const auto made = script_plans(settings);
  REQUIRE(made.plans.size() == 1);
  CHECK(made.plans[0].run == std::vector<std::string>{"/b"});
  REQUIRE(made.remarks.size() == 1);
  CHECK(to_string(made.remarks[0]) ==
        "script \"/a\" is not run: there is no group no-such-group: make that group, or take it "
        "out of groups, and reload");
}

TEST_CASE("the profile telegraf gives the network and the engine's socket") {
  config::Script like = script("/app/x");
  like.profile = config::ScriptProfile::telegraf;
  config::Settings settings = with(like);
  settings.runtimes.docker.endpoint = "/nowhere/docker.sock";
  auto made = script_plans(settings);
  REQUIRE(made.plans.size() == 1);
  CHECK(made.plans[0].allow.network);
  CHECK(made.plans[0].allow.sockets == std::vector<std::string>{"/nowhere/docker.sock"});
  settings.runtimes.docker.enabled = false;
  made = script_plans(settings);
  REQUIRE(made.plans.size() == 1);
  CHECK(made.plans[0].allow.sockets.empty());
}

TEST_CASE("the supervisor may grant what some script is allowed") {
  config::Scripts scripts;
  CHECK(app::grantable(scripts) == base::CapabilitySet());
  scripts.each = {script("/a"), script("/b")};
  scripts.each[0].allow.capabilities = {"CAP_NET_RAW"};
  scripts.each[1].allow.capabilities = {"CAP_CHOWN"};
  CHECK(app::grantable(scripts) == base::CapabilitySet{CAP_NET_RAW, CAP_CHOWN});
}

TEST_CASE("scripts do not see the configuration, and are never root") {
  const test::Tree tree("-- c.toml --\n");
  config::Scripts scripts;
  scripts.user = "root";
  const std::string file = (tree.root() / "." / "c.toml").string();
  const auto options = app::supervisor_options(scripts, {file, tree.root().string()});
  CHECK(options.user.uid != 0);
  CHECK(options.hidden == std::vector<std::string>{"/etc/hostmeter",
                                                   (tree.root() / "c.toml").string(),
                                                   tree.root().string()});
  CHECK(app::supervisor_options(scripts, {}).hidden == scripts.hidden);
  CHECK(app::supervisor_options(scripts, {"/no/such/file"}).hidden == scripts.hidden);
}

TEST_CASE("that scripts run as another user than is wanted has a reason") {
  config::Scripts scripts;
  scripts.user = "no-such-user";
  CHECK(app::why_another_user(scripts) == "there is no user no-such-user");
  scripts.user = "root";
  CHECK(app::why_another_user(scripts) == "root is not for scripts");
  scripts.user = "nobody";
  CHECK(app::why_another_user(scripts).empty());
}

TEST_CASE("a change of what the supervisor was started with takes a restart") {
  const config::Scripts before;
  config::Scripts after;
  after.interval_ns = 1;
  after.directories = {"/x"};
  after.each = {script("/a")};
  CHECK(app::what_takes_a_restart(before, after) == "");
  const auto key_of = [&](void (*change)(config::Scripts&)) {
    config::Scripts changed;
    change(changed);
    return app::what_takes_a_restart(before, changed);
  };
  CHECK(key_of([](auto& s) { s.most = 5; }) == "scripts.most");
  CHECK(key_of([](auto& s) { s.strict = true; }) == "scripts.strict");
  CHECK(key_of([](auto& s) { s.user = "x"; }) == "scripts.user");
  CHECK(key_of([](auto& s) { s.hidden.clear(); }) == "scripts.hidden");
  CHECK(key_of([](auto& s) {
          s.each = {script("/a")};
          s.each[0].allow.capabilities = {"CAP_NET_RAW"};
        }) == "script.allow.capabilities");
  // Less than before can be had at any time; more, where there was none, cannot.
  CHECK(key_of([](auto& s) { s.enabled = false; }) == "");
  config::Scripts none;
  none.directories.clear();
  CHECK(app::what_takes_a_restart(before, none) == "");
  CHECK(app::what_takes_a_restart(none, before) == "scripts");
  config::Scripts granted;
  granted.each = {script("/a")};
  granted.each[0].allow.capabilities = {"CAP_NET_RAW"};
  CHECK(app::what_takes_a_restart(granted, before) == "");
}

TEST_CASE("nothing is started for a recorded host, or where scripts are switched off") {
  const test::Tree tree(test::kMachine);
  app::Paths recorded;
  recorded.root = tree.root().string();
  CHECK_FALSE(app::start_supervisor({}, {}, recorded));
  config::Scripts off;
  off.enabled = false;
  CHECK_FALSE(app::start_supervisor(off, {}, {}));
  config::Scripts none;
  none.directories.clear();
  CHECK_FALSE(app::start_supervisor(none, {}, {}));
}

TEST_CASE("the supervisor is there, and ends with whoever holds it") {
  auto started = app::start_supervisor({}, {}, {});
  REQUIRE(started);
  const pid_t pid = started->supervisor.it().pid();
  CHECK(::kill(pid, 0) == 0);
  started.reset();
  CHECK(::kill(pid, 0) != 0);
}
