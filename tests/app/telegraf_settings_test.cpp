#include "app/telegraf_settings.hpp"

#include <doctest/doctest.h>

#include "support/tree.hpp"

using namespace hostmeter;
namespace telegraf = config::telegraf;

namespace {

telegraf::Loaded load(const std::string& text) {
  const std::vector<telegraf::ConfFile> files{{"t.conf", text}};
  auto loaded =
      telegraf::load_conf(files, [](const std::string&) { return std::optional<std::string>(); });
  REQUIRE(loaded.problems == std::vector<std::string>{});
  app::find_commands(loaded);
  return loaded;
}

config::Settings settings_for(const std::string& text) {
  return app::settings_for(load(text).settings);
}

std::vector<std::string> scripts_of(const config::Settings& settings) {
  std::vector<std::string> names;
  for (const config::Script& script : settings.scripts.each)
    names.push_back(script.name + ' ' + script.run.at(0));
  return names;
}

}  // namespace

TEST_CASE("each output is a listener of its own contract") {
  const auto settings = settings_for(R"([[outputs.prometheus_client]]
[[outputs.prometheus_client]]
listen = "127.0.0.1:9999"
path = "/t"
ip_range = ["10.0.0.0/8"]
basic_username = "u"
basic_password = "p"
tls_cert = "/c"
tls_key = "/k"
tls_allowed_cacerts = ["/ca", "/cb"]
tls_min_version = "TLS13"
)");
  REQUIRE(settings.listeners.size() == 2);
  CHECK(settings.listeners[0].contract == config::Contract::telegraf);
  CHECK(settings.listeners[0].output == 0);
  CHECK(settings.listeners[0].user.empty());
  const config::Listener& second = settings.listeners[1];
  CHECK(second.output == 1);
  CHECK(second.address == config::Address{"127.0.0.1", 9999});
  CHECK(second.path == "/t");
  CHECK(second.allow == std::vector<std::string>{"10.0.0.0/8"});
  CHECK(second.user == "u");
  CHECK(second.password == "p");
  CHECK(second.tls_certificate == "/c");
  CHECK(second.tls_key == "/k");
  CHECK(second.tls_client_ca == "/ca");
  CHECK(second.tls_more_client_cas == std::vector<std::string>{"/cb"});
  CHECK(second.tls_only_13);
  CHECK_FALSE(settings.listeners[0].tls_only_13);
  CHECK(settings.telegraf);
}

TEST_CASE("only what inputs want is asked and run") {
  const auto bare = settings_for("[[inputs.mem]]\n");
  CHECK_FALSE(bare.runtimes.docker.enabled);
  CHECK_FALSE(bare.runtimes.podman.enabled);
  CHECK(bare.textfile.directories.empty());
  CHECK(bare.scripts.directories.empty());
  CHECK(bare.scripts.each.empty());
  CHECK(bare.collect.disks == config::Disks{});
  const auto all = settings_for("[[inputs.disk]]\n[[inputs.diskio]]\n[[inputs.net]]\n");
  CHECK(all.collect.mounts.points.exclude.empty());
  CHECK(all.collect.disks.names == base::GlobFilter{});
  CHECK(all.collect.interfaces.container_veths);
}

TEST_CASE("whole files are read for the inputs that show them, when they are gathered") {
  CHECK(settings_for("[[inputs.mem]]\n[[inputs.conntrack]]\n[[inputs.kernel]]\n")
            .collect.enable.empty());
  CHECK(settings_for("[[inputs.net]]\nignore_protocol_stats = true\n").collect.enable.empty());
  const auto settings = settings_for(
      "[agent]\ninterval = \"15s\"\nround_interval = false\ncollection_offset = \"3s\"\n"
      "[[inputs.net]]\n[[inputs.nstat]]\ninterval = \"5s\"\n[[inputs.kernel_vmstat]]\n"
      "[[inputs.linux_sysctl_fs]]\n[[inputs.kernel]]\ncollect = [\"psi\", \"ksm\"]\n"
      "[[inputs.conntrack]]\ncollect = [\"all\"]\n");
  CHECK(settings.collect.enable == std::vector<std::string>{"netstat_all", "vmstat_all",
                                                            "sysctl_fs", "pressure_averages", "ksm",
                                                            "conntrack_cpus"});
  CHECK(settings.collect.paces[0] ==
        config::ReaderPace{"netstat_all", 5'000'000'000, 3'000'000'000, false});
  CHECK(settings.collect.paces[1] ==
        config::ReaderPace{"vmstat_all", 15'000'000'000, 3'000'000'000, false});
}

TEST_CASE("what is costly is read for the inputs that show it, when they are gathered") {
  CHECK(settings_for("[[inputs.mem]]\n").collect.enable.empty());
  CHECK(settings_for("[[inputs.system]]\ninclude = [\"load\"]\n").collect.enable.empty());
  const auto settings = settings_for(
      "[agent]\ninterval = \"15s\"\nround_interval = false\ncollection_offset = \"3s\"\n"
      "[[inputs.system]]\n[[inputs.system]]\ninterval = \"5s\"\n[[inputs.system]]\n");
  CHECK(settings.collect.enable == std::vector<std::string>{"users"});
  CHECK(settings.collect.paces ==
        std::vector<config::ReaderPace>{{"users", 5'000'000'000, 3'000'000'000, false}});
  const auto two = settings_for(
      "[[inputs.nstat]]\ninterval = \"10s\"\n[[inputs.net]]\ninterval = \"15s\"\n"
      "[[inputs.nstat]]\ninterval = \"10s\"\ncollection_offset = \"1s\"\n");
  CHECK(two.collect.enable == std::vector<std::string>{"netstat_all"});
  CHECK(two.collect.paces ==
        std::vector<config::ReaderPace>{{"netstat_all", 10'000'000'000, 0, true},
                                        {"netstat_all", 15'000'000'000, 0, true},
                                        {"netstat_all", 10'000'000'000, 1'000'000'000, true}});
}

TEST_CASE("the engine is asked as inputs.docker wants") {
  const auto docker = settings_for(
      "[agent]\ninterval = \"15s\"\n[[inputs.docker]]\ntimeout = \"7s\"\n"
      "storage_objects = [\"volume\"]\n");
  CHECK(docker.runtimes.docker.enabled);
  CHECK(docker.runtimes.docker.endpoint == config::Runtimes{}.docker.endpoint);
  CHECK(docker.runtimes.docker.timeout_ns == 7'000'000'000);
  CHECK(docker.runtimes.docker.df_interval_ns == 60'000'000'000);
  CHECK(docker.runtimes.docker.df_volumes);
  CHECK_FALSE(docker.runtimes.docker.df_images);
  CHECK(docker.runtimes.docker.info_interval_ns == 60'000'000'000);
  CHECK(docker.collect.paces ==
        std::vector<config::ReaderPace>{{"cgroup_memory_stat", 15'000'000'000, 0, true},
                                        {"cgroup_cpu_each", 15'000'000'000, 0, true}});
  const auto twice =
      settings_for("[[inputs.docker]]\ntimeout = \"7s\"\n[[inputs.docker]]\ntimeout = \"3s\"\n");
  CHECK(twice.runtimes.docker.timeout_ns == 7'000'000'000);
  const auto podman =
      settings_for("[[inputs.docker]]\nendpoint = \"unix:///run/podman/podman.sock\"\n");
  CHECK_FALSE(podman.runtimes.docker.enabled);
  CHECK(podman.runtimes.podman.enabled);
  CHECK(podman.runtimes.podman.df_interval_ns == 0);
  CHECK(podman.runtimes.podman.swarm_interval_ns == 0);
  const auto swarm = settings_for(
      "[[inputs.docker]]\ninterval = \"1s\"\ngather_services = true\ntag_env = [\"A\"]\n"
      "[[inputs.docker]]\ntag_env = [\"B\"]\n");
  CHECK(swarm.runtimes.docker.swarm_interval_ns == 10'000'000'000);
  CHECK(swarm.runtimes.docker.environment == std::vector<std::string>{"A", "B"});
  const auto two = settings_for(
      "[[inputs.docker]]\ninterval = \"90s\"\nperdevice_include = []\n"
      "[[inputs.docker]]\ninterval = \"30s\"\nperdevice_include = [\"network\"]\n");
  CHECK(two.collect.paces ==
        std::vector<config::ReaderPace>{{"cgroup_memory_stat", 30'000'000'000, 0, true}});
}

TEST_CASE("commands are scripts with the profile of Telegraf and names of their own") {
  const test::Tree tree("-- x/a.sh --\n-- x/b.sh --\n-- y/a.sh --\n");
  const std::string root = tree.root();
  const auto settings =
      settings_for("[agent]\ninterval = \"15s\"\n[[inputs.exec]]\ncommands = [\"" + root +
                   "/x/*.sh --all\", \"" + root + "/y/a.sh 'b c'\", \"" + root +
                   "/later.sh\"]\ntimeout = \"9s\"\ninterval = \"20s\"\n"
                   "environment = [\"A=b\"]\nignore_error = true\ndata_format = \"prometheus\"\n");
  CHECK(scripts_of(settings) ==
        std::vector<std::string>{"a " + root + "/x/a.sh", "b " + root + "/x/b.sh",
                                 "a-2 " + root + "/y/a.sh", "later " + root + "/later.sh"});
  const config::Script& script = settings.scripts.each[2];
  CHECK(script.arguments == std::vector<std::string>{"b c"});
  CHECK(script.environment == std::vector<std::string>{"A=b"});
  CHECK(script.interval_ns == 20'000'000'000);
  CHECK(script.timeout_ns == 9'000'000'000);
  CHECK(script.ignore_error);
  CHECK(script.profile == config::ScriptProfile::telegraf);
  CHECK(script.limits.series == 10'000);
  CHECK(settings.scripts.each[0].arguments == std::vector<std::string>{"--all"});
}

TEST_CASE("commands that are not there are lost with their line") {
  const auto loaded = load(
      "[[inputs.exec]]\ncommands = [\n\"no-such-command-here "
      "a\",\n\"./a.sh\",\n\"/nowhere/*.sh\",\n"
      "\"sh -c true\"]\ndata_format = \"prometheus\"\n[[outputs.prometheus_client]]\n");
  std::string lines;
  for (const telegraf::Finding& each : loaded.findings)
    lines += std::to_string(each.place.line) + ' ' + std::string(to_string(each.effect)) + ' ';
  CHECK(lines == "3 LOST 4 LOST 5 LOST ");
  CHECK(loaded.findings[0].instead ==
        "\"no-such-command-here\" is in no directory of PATH: it is not run; mend that and reload");
  const auto& commands = std::get<telegraf::Exec>(loaded.settings.inputs[0].plugin).commands;
  REQUIRE(commands.size() == 1);
  CHECK(commands[0].words[0].ends_with("/sh"));
  CHECK(commands[0].name == "sh");
}

TEST_CASE("names of commands are ones that scripts may have") {
  const auto settings = settings_for(
      "[[inputs.exec]]\ndata_format = \"prometheus\"\ncommands = [\"/a/.hidden\", \"/a/x y\", "
      "\"'/a/b c.d.sh'\", \"/a/" +
      std::string(200, 'n') + "\"]\n");
  REQUIRE(settings.scripts.each.size() == 4);
  CHECK(settings.scripts.each[0].name == "_.hidden");
  CHECK(settings.scripts.each[1].name == "x");
  CHECK(settings.scripts.each[2].name == "b_c.d");
  CHECK(settings.scripts.each[3].name.size() == 60);
}

TEST_CASE("the tick fits the intervals, and the log the agent") {
  CHECK(settings_for("[agent]\ninterval = \"15s\"\n").collect.interval_ns == 1'000'000'000);
  CHECK(settings_for("[agent]\ninterval = \"500ms\"\n").collect.interval_ns == 500'000'000);
  CHECK(settings_for("[[inputs.mem]]\ninterval = \"2500ms\"\n").collect.interval_ns ==
        1'000'000'000);
  CHECK(settings_for("[[inputs.mem]]\ninterval = \"200ms\"\n").collect.interval_ns == 200'000'000);
  CHECK(settings_for("[agent]\ndebug = true\nquiet = true\n").log.level == config::LogLevel::debug);
  CHECK(settings_for("[agent]\nquiet = true\n").log.level == config::LogLevel::error);
}

TEST_CASE("formats other than Prometheus's are named by each output") {
  const auto settings = settings_for(R"([[inputs.exec]]
commands = ["/a"]
tag_keys = ["t"]
json_string_fields = ["s"]
json_query = "q"
json_name_key = "n"
json_strict = false
[[inputs.exec]]
commands = ["/b"]
data_format = "value"
data_type = "bool"
value_field_name = "v"
name_override = "o"
[[inputs.exec]]
commands = ["/c"]
data_format = "influx"
[[inputs.exec]]
commands = ["/d"]
data_format = "nagios"
)");
  const auto& scripts = settings.scripts.each;
  REQUIRE(scripts.size() == 4);
  CHECK(scripts[0].format == config::ScriptFormat::json);
  CHECK(scripts[0].parse.name == "exec");
  CHECK(scripts[0].parse.tags == std::vector<std::string>{"t"});
  CHECK(scripts[0].parse.string_fields == std::vector<std::string>{"s"});
  CHECK(scripts[0].parse.name_key == "n");
  CHECK_FALSE(scripts[0].parse.strict);
  CHECK(scripts[0].parse.keeps_origin);
  CHECK(scripts[0].parse.query == "q");
  CHECK(scripts[1].format == config::ScriptFormat::value);
  CHECK(scripts[1].parse.name == "exec");
  CHECK(scripts[1].parse.field == "v");
  CHECK(config::kScriptDataTypes[scripts[1].parse.data_type] == "boolean");
  CHECK(scripts[2].format == config::ScriptFormat::influx);
  CHECK(scripts[3].format == config::ScriptFormat::nagios);
}

TEST_CASE("a command whose file is not there is lost, and run once it is") {
  const test::Tree tree("-- here.sh --\n");
  const std::string root = tree.root();
  const auto loaded = load("[[inputs.exec]]\ncommands = [\n\"" + root + "/here.sh\",\n\"" + root +
                           "/later.sh\"]\n[[outputs.prometheus_client]]\n");
  REQUIRE(loaded.findings.size() == 1);
  CHECK(loaded.findings[0].effect == telegraf::Effect::lost);
  CHECK(loaded.findings[0].place.line == 4);
  CHECK(loaded.findings[0].instead.starts_with('"' + root + "/later.sh\" is not there"));
  CHECK(scripts_of(app::settings_for(loaded.settings)).size() == 2);
}
