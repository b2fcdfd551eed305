#include "config/telegraf/conf_files.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "config/source_text.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::config;
using namespace hostmeter::config::telegraf;

namespace {

std::optional<std::string> no_environment(const std::string&) {
  return {};
}

std::optional<std::string> some_environment(const std::string& name) {
  if (name == "DC") return "fra1";
  if (name == "PORT") return ":9999";
  if (name == "SECONDS") return "30s";
  if (name == "ON") return "true";
  if (name == "PEM") return "one\ntwo \"quoted\" \\ and 'single'";
  if (name == "TABLES") return "[[inputs.mem]]\n[[inputs.nosuch]]\n";
  if (name == "EMPTY") return "";
  return {};
}

Loaded load(const std::string& text) {
  return load_conf(std::vector<ConfFile>{{"t.conf", text}}, some_environment);
}

template <class T>
const T& plugin(const Settings& settings, std::size_t at = 0) {
  return std::get<T>(settings.inputs.at(at).plugin);
}

// "5 LOST inputs.nosuch", one for each finding.
std::string brief(const Loaded& loaded) {
  std::string text;
  for (const Finding& each : loaded.findings)
    text += (text.empty() ? "" : ", ") + std::to_string(each.place.line) + ' ' +
            std::string(to_string(each.effect)) + ' ' + each.what;
  return text;
}

constexpr const char* kServed = "[[outputs.prometheus_client]]\n";

struct Shape {
  const char* text;
  const char* findings;
  bool (*right)(const Settings&);
};

// Each is followed by an output, so that it is a whole file.
const Shape kShapes[] = {
    {"", "0 differs inputs",
     [](const Settings& s) { return s.agent.interval_ns == 10'000'000'000; }},
    {"[[inputs.cpu]]\n", "",
     [](const Settings& s) {
       return plugin<Cpu>(s) == Cpu{} && s.inputs[0].origin.table.line == 1;
     }},
    {"[inputs.cpu]\npercpu = false\n", "",
     [](const Settings& s) { return !plugin<Cpu>(s).percpu && plugin<Cpu>(s).totalcpu; }},
    {"[[inputs.cpu]]\n[[inputs.cpu]]\npercpu = false\n[[inputs.mem]]\n[[inputs.cpu]]\n", "",
     [](const Settings& s) {
       return s.inputs.size() == 4 && s.inputs[2].name == "mem" && !plugin<Cpu>(s, 1).percpu;
     }},
    {"[inputs]\n  [[inputs.cpu]]\n  [[inputs.swap]]\n", "",
     [](const Settings& s) { return s.inputs.size() == 2 && s.inputs[1].name == "swap"; }},
    {"\t[[ inputs . mem ]]\n\t\tcollect_extended\t=\ttrue\n", "",
     [](const Settings& s) { return plugin<Mem>(s).collect_extended; }},
    {"[[inputs.mem]]\r\ncollect_extended = true\r\n", "",
     [](const Settings& s) { return plugin<Mem>(s).collect_extended; }},
    {"\xEF\xBB\xBF[[inputs.mem]]\n", "", [](const Settings& s) { return s.inputs.size() == 1; }},
    {"# [[inputs.cpu]]\n[[inputs.mem]] # ${NOT_SET} it's \"fine\"\n## caf\xE9 \x01\n", "",
     [](const Settings& s) { return s.inputs.size() == 1; }},
    {"[agent]\ninterval = \"15s\"\n[[inputs.mem]]\ninterval = 5\n", "",
     [](const Settings& s) {
       return s.agent.interval_ns == 15'000'000'000 &&
              s.inputs[0].common.interval_ns == 5'000'000'000;
     }},
    {"[agent]\ninterval = true\n[[inputs.mem]]\n", "2 differs agent.interval",
     [](const Settings& s) { return s.agent.interval_ns == 10'000'000'000; }},
    {"[agent]\ninterval = \"0s\"\n[[inputs.mem]]\n", "2 differs agent.interval",
     [](const Settings& s) { return s.agent.interval_ns == 10'000'000'000; }},
    {"[agent]\nhostname = \"\"\nomit_hostname = \"true\"\n[[inputs.mem]]\n", "",
     [](const Settings& s) { return s.agent.omit_hostname && s.agent.hostname.empty(); }},
    {"[agent]\nflush_interval = \"10s\"\nroundInterval = false\n[[inputs.mem]]\n",
     "2 - agent.flush_interval", [](const Settings& s) { return !s.agent.round_interval; }},
    {"[agent]\nintervall = \"10s\"\n[[inputs.mem]]\n", "2 differs agent.intervall",
     [](const Settings& s) { return s.agent.origin.options.empty(); }},
    {"agent = 1\n[[inputs.mem]]\n", "1 differs agent",
     [](const Settings& s) { return s.inputs.size() == 1; }},
    {"inputs = 1\n", "1 LOST inputs, 0 differs inputs",
     [](const Settings& s) { return s.inputs.empty(); }},
    {"[inputs]\ncpu = true\n", "2 LOST inputs.cpu, 0 differs inputs",
     [](const Settings& s) { return s.inputs.empty(); }},
    {"[global_tags]\ndc = \"$DC\"\nrack = \"${RACK:-1a}\"\n[[inputs.mem]]\n", "",
     [](const Settings& s) {
       return s.global_tags == Tags{{"dc", "fra1"}, {"rack", "1a"}};
     }},
    {"[tags]\ndc = 1\na = \"b\"\n[[inputs.mem]]\n", "2 differs tags",
     [](const Settings& s) {
       return s.global_tags == Tags{{"a", "b"}};
     }},
    {"[global_tags]\npem = \"\"\"\n$PEM\"\"\"\nlit = '${PEM}'\n[[inputs.nosuch]]\n[[inputs.mem]]\n",
     "5 LOST inputs.nosuch",
     [](const Settings& s) {
       return s.global_tags[1].second == "one\ntwo \"quoted\" \\ and 'single'" &&
              s.global_tags[0].second == s.global_tags[1].second &&
              s.inputs[0].origin.table.line == 6;
     }},
    {"$TABLES\n[[inputs.swap]]\ntypo = 1\n", "1 LOST inputs.nosuch, 3 differs inputs.swap.typo",
     [](const Settings& s) { return s.inputs.size() == 2 && s.inputs[1].origin.table.line == 2; }},
    {"[agent]\ndebug = ${ON}\ninterval = \"$SECONDS\"\nhostname = \"$NOT_SET\"\n[[inputs.mem]]\n",
     "4 - $NOT_SET",
     [](const Settings& s) {
       return s.agent.debug && s.agent.interval_ns == 30'000'000'000 &&
              s.agent.hostname == "$NOT_SET";
     }},
    {"[[inputs.exec]]\ncommands = [\"sh -c 'echo 1$$'\", \"/app/*.sh \\\"a b\\\"\"]\n", "",
     [](const Settings& s) {
       const auto& commands = plugin<Exec>(s).commands;
       return commands.size() == 2 && commands[0].words[2] == "echo 1$" &&
              commands[1].words == std::vector<std::string>{"/app/*.sh", "a b"} &&
              plugin<Exec>(s).format == DataFormat::json;
     }},
    {"[[inputs.exec]]\ncommands = [\n  # one\n  \"/a\",\n  \"/b 'c\", # not closed\n  7,\n]\n"
     "data_format = \"influx\"\n",
     "5 LOST inputs.exec.commands, 6 LOST inputs.exec.commands",
     [](const Settings& s) {
       return plugin<Exec>(s).commands.size() == 1 && plugin<Exec>(s).commands[0].place.line == 4;
     }},
    {"[[inputs.exec]]\ncommands = [\"/a\"]\ndata_format = \"csv\"\n",
     "3 LOST inputs.exec.data_format, 0 differs inputs",
     [](const Settings& s) { return s.inputs.empty(); }},
    {"[[inputs.exec]]\ncommand = \"/a b\"\ntimeout = \"1m30s\"\nname_suffix = \"_x\"\n"
     "environment = [\"A=b\", \"c\"]\ndata_format = \"value\"\ndata_type = \"integer\"\n"
     "[inputs.exec.tags]\nteam = \"x\"\n",
     "5 differs inputs.exec.environment",
     [](const Settings& s) {
       const Exec& exec = plugin<Exec>(s);
       return exec.commands[0].words.size() == 2 && exec.timeout_ns == 90'000'000'000 &&
              exec.environment == std::vector<std::string>{"A=b"} && exec.data_type == "int" &&
              s.inputs[0].common.name_suffix == "_x" &&
              s.inputs[0].common.tags == Tags{{"team", "x"}};
     }},
    {"[[inputs.disk]]\nignore_fs = \"tmpfs\"\nmount_points = [\"/\", 7]\n",
     "2 differs inputs.disk.ignore_fs, 3 differs inputs.disk.mount_points",
     [](const Settings& s) {
       return plugin<Disk>(s).ignore_fs.empty() &&
              plugin<Disk>(s).mount_points == std::vector<std::string>{"/"};
     }},
    {"[[inputs.disk]]\n[inputs.disk.tagpass]\nfstype = [\"ext4\", \"xfs\"]\npath = [\"/h*\"]\n"
     "[[inputs.cpu]]\nfielddrop = [\"a\"]\nfieldexclude = [\"b\"]\ntagdrop = { cpu = [\"cpu6\"] "
     "}\n",
     "",
     [](const Settings& s) {
       return s.inputs[0].filters.tagpass ==
                  std::vector<TagFilter>{{"fstype", {"ext4", "xfs"}}, {"path", {"/h*"}}} &&
              s.inputs[1].filters.fieldexclude == std::vector<std::string>{"a", "b"} &&
              s.inputs[1].filters.tagdrop.size() == 1;
     }},
    {"[[inputs.disk]]\ntagpass = [\"ext4\"]\nmetricpass = \"true\"\nnamepass = [\"d*\", \"e\"]\n",
     "2 differs inputs.disk.tagpass, 3 differs inputs.disk.metricpass",
     [](const Settings& s) {
       return s.inputs[0].filters.namepass == std::vector<std::string>{"d*", "e"};
     }},
    {"[[inputs.cpu]]\ntags.dc = \"a\"\ntags.\"b.c\" = \"d\"\n", "",
     [](const Settings& s) {
       return s.inputs[0].common.tags == Tags{{"b.c", "d"}, {"dc", "a"}};
     }},
    {"[[inputs.docker]]\ncontainer_names = [\"a\"]\nperdevice = true\ntotal = false\n"
     "endpoint = \"unix:///run/d.sock\"\n",
     "",
     [](const Settings& s) {
       const Docker& docker = plugin<Docker>(s);
       return docker.container_name_include == std::vector<std::string>{"a"} &&
              docker.perdevice_include == std::vector<std::string>{"cpu", "network", "blkio"} &&
              docker.total_include == std::vector<std::string>{"cpu"} &&
              docker.endpoint == "/run/d.sock";
     }},
    {"[[inputs.docker]]\nendpoint = \"tcp://10.0.0.1:2375\"\n",
     "2 LOST inputs.docker.endpoint, 0 differs inputs",
     [](const Settings& s) { return s.inputs.empty(); }},
    {"[[inputs.docker]]\ntotal_include = [\"cpu\", \"disk\"]\n",
     "2 differs inputs.docker.total_include",
     [](const Settings& s) {
       return plugin<Docker>(s).total_include == std::vector<std::string>{"cpu"};
     }},
    {"[[inputs.ping]]\nurls = [\"a\"]\n[[inputs.cpu]]\n[[inputs.ping]]\n",
     "1 LOST inputs.ping, 4 LOST inputs.ping",
     [](const Settings& s) { return s.inputs.size() == 1; }},
    {"[[processors.rename]]\n[[processors.rename.replace]]\ntag = \"a\"\n[[aggregators.minmax]]\n"
     "[[inputs.cpu]]\n[[secretstores.os]]\nid = \"a\"\n",
     "1 LOST processors.rename, 4 LOST aggregators.minmax, 6 - secretstores.os",
     [](const Settings& s) { return s.inputs.size() == 1; }},
    {"[[outputs.influxdb_v2]]\nurls = [\"a\"]\n[[inputs.cpu]]\n", "1 LOST outputs.influxdb_v2",
     [](const Settings& s) { return s.outputs.size() == 1; }},
    {"[cpu]\npercpu = false\n[io]\n[nginx]\n", "4 LOST inputs.nginx",
     [](const Settings& s) {
       return s.inputs.size() == 2 && !plugin<Cpu>(s).percpu && s.inputs[1].name == "diskio";
     }},
    {"[[plugins.cpu]]\n", "", [](const Settings& s) { return s.inputs[0].name == "cpu"; }},
    {"[[inputs.net]]\ninterfaces = ['eth*', \"lo\"] \nignore_protocol_stats = true\n"
     "[[inputs.kernel]]\ncollect = [\"ksm\", \"x\"]\n[[inputs.interrupts]]\ncpu_as_tag = true\n"
     "[[inputs.nstat]]\n[[inputs.netstat]]\n[[inputs.conntrack]]\ncollect = [\"all\"]\n"
     "[[inputs.linux_sysctl_fs]]\n[[inputs.internal]]\n[[inputs.processes]]\n",
     "5 differs inputs.kernel.collect, 13 LOST inputs.internal, "
     "13 LOST inputs.internal.collect_memstats",
     [](const Settings& s) {
       return s.inputs.size() == 9 && plugin<Net>(s).interfaces.size() == 2;
     }},
};

struct Refused {
  std::string text;
  const char* problem;
};

const Refused kRefused[] = {
    {"[agent]\ninterval = 10s\n", "t.conf:2: "},
    {"[agent]\n[agent]\n", "t.conf:2: "},
    {"[[inputs.cpu]]\n[inputs.cpu]\n", "t.conf:2: "},
    {"[[inputs.cpu]]\npercpu = true\npercpu = false\n", "t.conf:3: "},
    {"[global_tags]\na = \"$PEM\"\nb = \"unclosed\n", "t.conf:3: "},
    {"$TABLES\n\n[broken\n", "t.conf:3: "},
    {"[agent]\ndebug = $NOT_SET\n", "t.conf:2: $NOT_SET is not set in the environment"},
    {"[agent]\n\nhostname = \"${NOT_SET:?give it a name}\"\n",
     "t.conf:3: $NOT_SET is not set in the environment: give it a name; set it"},
    {"[agent]\nhostname = \"${EMPTY:?empty}\"\n", "t.conf:2: $EMPTY is not set"},
    {"\xFF\xFE[\0", "t.conf:1: is saved as UTF-16"},
    {"[agent]\nhostname = \"\xE9\"\n", "t.conf:2: the byte \\xE9 is not UTF-8"},
    {"[agent]\n[collect]\n", "t.conf:2: [collect] is a table of Hostmeter's own"},
    {std::string(kLongestText + 1, '#'), "t.conf: is larger than 1 MiB"},
};

}  // namespace

TEST_CASE("shapes of telegraf.conf give the right settings, and what they cannot is said") {
  CHECK(std::size(kShapes) + std::size(kRefused) >= 40);
  for (const Shape& shape : kShapes) {
    CAPTURE(printable(shape.text));
    const Loaded loaded = load(std::string(shape.text) + kServed);
    REQUIRE(loaded.problems == std::vector<std::string>{});
    CHECK(brief(loaded) == shape.findings);
    CHECK(loaded.settings.outputs.size() == 1);
    CHECK(shape.right(loaded.settings));
  }
}

TEST_CASE("what cannot be read at all is one problem that says where") {
  for (const Refused& row : kRefused) {
    CAPTURE(printable(row.text));
    const Loaded loaded = load(row.text);
    REQUIRE(loaded.problems.size() == 1);
    CAPTURE(loaded.problems[0]);
    CHECK(loaded.problems[0].starts_with(row.problem));
    CHECK((loaded.problems[0].find("; ") != std::string::npos));
    CHECK(loaded.settings == Settings{});
    CHECK(loaded.findings.empty());
  }
}

TEST_CASE("the first user's file, as it is") {
  std::ifstream file(SOURCE_ROOT "/tests/fixtures/telegraf/first_user.conf");
  std::ostringstream text;
  text << file.rdbuf();
  const Loaded loaded = load(text.str());
  REQUIRE(loaded.problems == std::vector<std::string>{});
  CHECK(brief(loaded).empty());
  const Settings& settings = loaded.settings;
  CHECK(settings.agent.interval_ns == 15'000'000'000);
  CHECK(settings.agent.round_interval);
  REQUIRE(settings.inputs.size() == 4);
  CHECK(settings.inputs[0].name == "system");
  const auto& docker = plugin<Docker>(settings, 1);
  CHECK(docker.endpoint == "/var/run/docker.sock");
  CHECK(docker.storage_objects == std::vector<std::string>{"container", "volume"});
  CHECK(docker.perdevice_include == std::vector<std::string>{"cpu", "blkio", "network"});
  CHECK(docker.total_include == std::vector<std::string>{"cpu", "blkio", "network"});
  CHECK(docker.container_name_include.empty());
  CHECK(plugin<Exec>(settings, 2).commands[0].words ==
        std::vector<std::string>{"/app/check_docker.sh"});
  CHECK(plugin<Exec>(settings, 3).commands[0].words ==
        std::vector<std::string>{"/app/check_cert.sh"});
  CHECK(plugin<Exec>(settings, 3).format == DataFormat::prometheus);
  REQUIRE(settings.outputs.size() == 1);
  CHECK(settings.outputs[0].address == Address{"", 9273});
  CHECK(settings.outputs[0].path == "/metrics");
  CHECK(settings.outputs[0].metric_version == 1);
}

TEST_CASE("a file that nobody is served by loses everything") {
  const Loaded loaded = load("[[inputs.cpu]]\n");
  CHECK(loaded);
  CHECK(brief(loaded) == "0 LOST outputs");
  CHECK(loses_something(loaded.findings));
}

TEST_CASE("files are added up in the order of their names, and each keeps its lines") {
  const test::Tree tree(
      "-- main.conf --\n[agent]\ninterval = \"5s\"\nhostname = \"a\"\n[global_tags]\na = \"1\"\n"
      "[[outputs.prometheus_client]]\n"
      "-- d/20.conf --\n[[inputs.swap]]\n[global_tags]\na = \"2\"\n"
      "-- d/10.conf --\n[agent]\ninterval = \"7s\"\n\n[[inputs.mem]]\nnosuch = 1\n"
      "-- d/15/a.conf --\n[[inputs.cpu]]\n"
      "-- d/..data/a.conf --\n[[inputs.net]]\n"
      "-- d/README --\nno configuration\n"
      "-- d/.conf --\nnone either\n");
  const std::string root = tree.root();
  const std::vector<std::string> directories{root + "/d"};
  const Loaded loaded =
      load_conf_files(std::vector{root + "/main.conf"}, directories, no_environment);
  REQUIRE(loaded.problems == std::vector<std::string>{});
  CHECK(loaded.settings.agent.interval_ns == 7'000'000'000);
  CHECK(loaded.settings.agent.hostname == "a");
  CHECK(loaded.settings.global_tags == Tags{{"a", "2"}});
  REQUIRE(loaded.settings.inputs.size() == 3);
  CHECK(loaded.settings.inputs[0].name == "mem");
  CHECK(loaded.settings.inputs[1].name == "cpu");
  CHECK(loaded.settings.inputs[2].name == "swap");
  REQUIRE(loaded.findings.size() == 1);
  CHECK(to_string(loaded.findings[0].place, loaded.settings.files) == root + "/d/10.conf:5");
}

TEST_CASE("what cannot be opened is a problem, not a smaller configuration") {
  const test::Tree tree("-- d/a.conf --\n[[inputs.mem]]\n");
  const std::string root = tree.root();
  const std::vector<std::string> directories{root + "/d", root + "/none"};
  const Loaded loaded =
      load_conf_files(std::vector{root + "/none.conf"}, directories, no_environment);
  REQUIRE(loaded.problems.size() == 2);
  CHECK(loaded.problems[0] ==
        root +
            "/none.conf: cannot be read: No such file or directory; give the path of a "
            "readable file");
  CHECK(loaded.problems[1].starts_with(root + "/none: cannot be read"));
}

TEST_CASE("a directory of no configuration is none") {
  const test::Tree tree("-- d/README --\nnothing\n");
  const std::vector<std::string> directories{tree.root().string() + "/d"};
  const Loaded loaded = load_conf_files({}, directories, no_environment);
  REQUIRE(loaded.problems.size() == 1);
  CHECK(loaded.problems[0].find("/d: there is no file to read; ") != std::string::npos);
}

TEST_CASE("a megabyte is read, and findings without end are cut") {
  std::string text = "[[outputs.prometheus_client]]\n";
  while (text.size() < kLongestText - 200)
    text += "[[inputs.nosuch]]\n# " + std::string(90, 'x') + '\n';
  text += "[[inputs.mem]]\n";
  const Loaded loaded = load(text);
  REQUIRE(loaded.problems == std::vector<std::string>{});
  CHECK(loaded.settings.inputs.size() == 1);
  CHECK(loaded.findings.size() == 1'001);
  std::string many = kServed;
  for (int i = 0; i < 5'000; ++i) many += "[[inputs.swap]]\n";
  CHECK(load(many).settings.inputs.size() == 1'000);
  CHECK(loses_something(load(many).findings));
}

TEST_CASE("nesting and dollars without end cost neither the stack nor the day") {
  std::string dotted = "[a";
  for (int i = 0; i < 300'000; ++i) dotted += ".a";
  CHECK_FALSE(load(dotted + "]\n"));
  std::string braces;
  while (braces.size() < kLongestText - 10) braces += "${a:-";
  load("x = \"" + braces + "\"\n");
  load(braces);
  std::string big;
  while (big.size() < kLongestText - 10) big += "$DC$PEM";
  CHECK_FALSE(load("x = \"" + big + "\"\n"));
}
