#include "config/load.hpp"

#include <doctest/doctest.h>

#include "config/source_text.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::config;

TEST_CASE("no file, an empty one and one of comments are the defaults") {
  CHECK(load_text("", "t").settings == Settings{});
  CHECK(load_text("# nothing\n", "t").settings == Settings{});
  CHECK(load_text("[collect]\n[[listener]]\n[bpf]\n[labels]\n", "t").settings == Settings{});
  const auto missing = load_file("/nonexistent/hostmeter.toml", Missing::is_fine);
  CHECK(missing);
  CHECK(missing.settings == Settings{});
}

TEST_CASE("everything that can be set") {
  const auto loaded = load_text(R"(
[collect]
interval = "500ms"
disable = ["hwmon", "md"]
enable = ["ksm"]
enable_interval = "30s"
[collect.disks]
include = ["sd*"]
exclude = []
[collect.mounts]
include = ["/data*"]
fstypes_exclude = ["nfs*"]
interval = "30s"
timeout = "1s"
[collect.interfaces]
exclude = ["veth*"]
container_veths = true
[collect.cgroups]
scope = "containers"
nested = true
linger = "5s"
open_files = 0
[[listener]]
address = "127.0.0.1:9273"
path = "/m"
contract = "standard"
threads = 4
[[listener]]
address = "[::1]:9274"
[bpf]
enabled = false
blkio = false
map_entries = 1024
blkio_direct_rows = 256
life = false
life_ring_kib = 64
life_events_per_second = 3
blkio_latency = false
run_queue = false
run_queue_threshold = "250us"
[limits]
containers = 10
lingering = 7
shown_containers = 9
series = 5000
printed = "3MiB"
ended_rows = 20
record_ring = 2048
news_ring = 64
[runtime.containerd]
enabled = false
directories = ["/srv/state"]
[runtime.lxc]
directories = []
[labels]
rack = "a\nü"
dc = "fra1"
[rights]
lock = true
keep = ["CAP_NET_ADMIN"]
[runtime]
labels = []
include = ["web*"]
images_exclude = ["*:debug"]
labels_exclude = ["metrics=off"]
[log]
level = "warning"
)",
                                "t");
  REQUIRE(loaded);
  const Settings& s = loaded.settings;
  CHECK(s.collect.interval_ns == 500'000'000);
  CHECK(s.collect.disable == std::vector<std::string>{"hwmon", "md"});
  CHECK(s.collect.enable == std::vector<std::string>{"ksm"});
  CHECK(s.collect.enable_interval_ns == 30'000'000'000);
  CHECK(s.collect.disks.names == base::GlobFilter{{"sd*"}, {}});
  CHECK(s.collect.mounts.points.include == std::vector<std::string>{"/data*"});
  CHECK(s.collect.mounts.points.exclude == Mounts{}.points.exclude);
  CHECK(s.collect.mounts.fstypes.exclude == std::vector<std::string>{"nfs*"});
  CHECK(s.collect.mounts.interval_ns == 30'000'000'000);
  CHECK(s.collect.interfaces.container_veths);
  CHECK(s.collect.cgroups == Cgroups{Scope::containers, true, 5'000'000'000, 0});
  CHECK(s.rights == Rights{true, {"CAP_NET_ADMIN"}});
  CHECK(s.runtimes.labels.empty());
  CHECK(s.runtimes.names == base::GlobFilter{{"web*"}, {}});
  CHECK(s.runtimes.images == base::GlobFilter{{}, {"*:debug"}});
  CHECK(s.runtimes.label_values == base::GlobFilter{{}, {"metrics=off"}});
  REQUIRE(s.listeners.size() == 2);
  CHECK(s.listeners[0] == Listener{.address = {"127.0.0.1", 9273}, .path = "/m", .threads = 4});
  CHECK(s.listeners[1] == Listener{.address = {"::1", 9274}});
  CHECK(s.bpf == Bpf{false, false, false, 1024, 256, false, 250'000, true, 8192, false, 64, 3});
  CHECK(s.runtimes.containerd == StateDirectories{false, {"/srv/state"}});
  CHECK(s.runtimes.lxc == StateDirectories{true, {}});
  CHECK(s.runtimes.crio == Runtimes{}.crio);
  CHECK(s.limits == Limits{.containers = 10,
                           .lingering = 7,
                           .shown_containers = 9,
                           .series = 5000,
                           .printed = 3U << 20,
                           .ended_rows = 20,
                           .record_ring = 2048,
                           .news_ring = 64});
  CHECK(s.labels ==
        std::vector<std::pair<std::string, std::string>>{{"dc", "fra1"}, {"rack", "a\nü"}});
  CHECK(s.log.level == LogLevel::warning);
}

namespace {
struct Refused {
  const char* text;
  const char* problem;  // how the only one begins
};
// The words are part of what an operator relies on: they say where, what, and how to mend it.
const Refused kRefused[] = {
    {"colect = 1\n", "t:1:1: colect: is unknown; did you mean \"collect\"?"},
    {"[colect]\n", "t:1:2: colect: is unknown; did you mean \"collect\"?"},
    {"[collect]\nintervall = \"1s\"\n",
     "t:2:1: collect.intervall: is unknown; did you mean \"interval\"?"},
    {"[collect.disk]\n", "t:1:10: collect.disk: is unknown; did you mean \"disks\"?"},
    {"[collect]\nthreads = 2\n",
     "t:2:1: collect.threads: is unknown here; it belongs in [listener]"},
    {"interval = \"1s\"\n", "t:1:1: interval: is unknown here; it belongs in [collect"},
    {"[bpf]\nzzzzzz = 1\n",
     "t:2:1: bpf.zzzzzz: is unknown; known here: enabled, blkio, blkio_latency, "
     "map_entries, blkio_direct_rows, run_queue"},
    {"[runtime.containerd]\ndirectories = [\"run/containerd\"]\n",
     "t:2:16: runtime.containerd.directories: \"run/containerd\" is no directory; write it from "
     "the "
     "root"},
    {"[runtime.crio]\ndirectories = [\"/run/*\"]\n",
     "t:2:16: runtime.crio.directories: \"/run/*\" is no directory"},
    {"[runtime.cri]\n", "t:1:10: runtime.cri: is unknown; did you mean \"crio\"?"},
    {"[runtime]\nlabls = []\n", "t:2:1: runtime.labls: is unknown; did you mean \"labels\"?"},
    {"[runtime.docker]\nendpoint = \"docker.sock\"\n",
     "t:2:12: runtime.docker.endpoint: \"docker.sock\" is no path of a file"},
    {"[runtime.podman]\nendpoint = \"/run/\"\n",
     "t:2:12: runtime.podman.endpoint: \"/run/\" is no"},
    {"[runtime.podman]\nendpoint = 7\n", "t:2:12: runtime.podman.endpoint: is"},
    {"\"a\\u001bb\" = 1\n", "t:1:1: a\\x1Bb: is unknown"},
    {"[collect]\ninterval = 1\n", "t:2:12: collect.interval: has no unit"},
    {"[collect]\ninterval = \"1\"\n", "t:2:12: collect.interval: \"1\" is no duration"},
    {"[collect]\ninterval = \"10m\"\n", "t:2:12: collect.interval: \"10m\" is out of range"},
    {"[collect]\ndisable = \"hwmon\"\n",
     "t:2:11: collect.disable: is a string; it must be a list of readers"},
    {"[collect]\ndisable = [\"hwmom\"]\n",
     "t:2:12: collect.disable: \"hwmom\" is not a reader; did you mean \"hwmon\"?"},
    {"[collect]\ndisable = [\"zzzzzzzz\"]\n",
     "t:2:12: collect.disable: \"zzzzzzzz\" is not a reader; hostmeter_reader_mode"},
    {"[collect]\nenable = [\"hwmon\"]\n",
     "t:2:11: collect.enable: \"hwmon\" is unknown; it must be a list of optional readers: \""},
    {"[rights]\nkeep = [\"CAP_SYS_ADMIN\"]\n",
     "t:2:9: rights.keep: \"CAP_SYS_ADMIN\" is unknown; it must be a list of rights: \"CAP_BPF\" "
     "or "},
    {"[collect]\ndisable = [3]\n", "t:2:12: collect.disable: holds a whole number"},
    {"[collect]\ndisable = [\"\"]\n", "t:2:12: collect.disable: \"\" is no reader"},
    {"[collect.disks]\ninclude = []\n",
     "t:2:11: collect.disks.include: is empty and would show nothing"},
    {"[collect]\ndisks = 3\n",
     "t:2:9: collect.disks: is a whole number; write [collect.disks] above its keys"},
    {"[[collect]]\n", "t:1:1: collect: is a list; write [collect] above its keys"},
    {"[listener]\naddress = \":1\"\n",
     "t:1:1: listener: is a table; write [[listener]] above its keys"},
    {"listener = []\n", "t:1:12: listener: is a list; write [[listener]] above its keys"},
    {"[collect.cgroups]\nscope = \"some\"\n",
     "t:2:9: collect.cgroups.scope: \"some\" is unknown; it must be \"all\" or \"containers\""},
    {"[collect.cgroups]\nnested = \"yes\"\n",
     "t:2:10: collect.cgroups.nested: is a string; it must be true or false"},
    {"[[listener]]\naddress = \"9273\"\n", "t:2:11: listener.address: \"9273\" has no port"},
    {"[[listener]]\naddress = \":99999\"\n",
     "t:2:11: listener.address: \":99999\" has no valid port"},
    {"[[listener]]\naddress = 9273\n",
     "t:2:11: listener.address: is a whole number; it must be \"HOST:PORT\""},
    {"[[listener]]\ncontract = \"telegraf\"\n",
     "t:2:12: listener.contract: \"telegraf\" is not in this version; it must be \"standard\""},
    {"[[listener]]\nallow = [\"10.0.0.0/8\", \"here\"]\n",
     "t:2:24: listener.allow: \"here\" is no network; write it such as \"10.0.0.0/8\""},
    {"[[listener]]\ntls_key = \"/etc/key.pem\"\n",
     "t:1:1: listener.tls_certificate: is missing; a key"},
    {"[[listener]]\nusers_file = \"users\"\n", "t:2:14: listener.users_file: \"users\" is no path"},
    {"[[listener]]\ncontract = \"x\"\n",
     "t:2:12: listener.contract: \"x\" is unknown; it must be \"standard\""},
    {"[[listener]]\npath = \"/-/ready\"\n",
     "t:2:8: listener.path: \"/-/ready\" is a page of the agent itself"},
    {"[[listener]]\n[[listener]]\n",
     "t:2:1: listener.address: \":9273\" is already taken by the listener \":9273\" above"},
    {"[[listener]]\naddress=\"[::1]:1\"\n[[listener]]\naddress=\"[0::1]:1\"\n",
     "t:3:1: listener.address: \"[::1]:1\" is already taken"},
    {"[[listener]]\n[[listener]]\naddress=\"127.0.0.1:9273\"\n",
     "t:2:1: listener.address: \"127.0.0.1:9273\" is already taken by the listener \":9273\""},
    {"[limits]\nseries = -1\n", "t:2:10: limits.series: -1 is out of range"},
    {"[limits]\nseries = 1e6\n",
     "t:2:10: limits.series: is a fraction; it must be 1000 to 50000000"},
    {"[labels]\n__a = \"b\"\n", "t:2:1: labels.__a: begins with __"},
    {"[labels]\nid = \"b\"\n", "t:2:1: labels.id: is a label that some metrics already have"},
    {"[labels]\ndevice = \"b\"\n",
     "t:2:1: labels.device: is a label that some metrics already have"},
    {"[labels]\n\"a-b\" = \"b\"\n", "t:2:1: labels.a-b: is not a label name"},
    {"[labels]\na = 1\n", "t:2:1: labels.a: is a whole number; a label's value is a string"},
    {"[labels]\na = \"\"\n", "t:2:1: labels.a: is empty"},
    {"[labels.a]\n", "t:1:9: labels.a: is a table; a label's value is a string"},
    {"labels = \"a\"\n", "t:1:10: labels: is a string; write [labels] above its keys"},
    {"[log]\nlevel = \"loud\"\n",
     "t:2:9: log.level: \"loud\" is unknown; it must be \"debug\" or \"info\""},
    {"[collect]\ninterval = \"1s\"\ninterval = \"2s\"\n", "t:3:"},
    {"[collect]\n[collect]\n", "t:2:"},
    {"[collect\n", "t:1:"},
    {"a = \n", "t:1:"},
    {"a = \"unclosed\n", "t:1:"},
    {"\n\nbroken", "t:3:"},
    {"a = 99999999999999999999\n", "t:1:"},
    {"a = \"\xC3\x28\"\n", "t:1:6: the byte \\xC3 is not UTF-8"},
    {"\x7F"
     "ELF\x02\x01",
     "t:1:1: the control character \\x7F"},
    {"\xFF\xFE[\n", "t:1:1: is saved as UTF-16"},
    {"a\rb\n", "t:1:"},
};
}  // namespace

TEST_CASE("each mistake is one line that says where, what and how to mend it") {
  const std::string_view readers[] = {"hwmon", "loadavg"};
  const std::string_view labels[] = {"device"};
  for (const Refused& row : kRefused) {
    CAPTURE(printable(row.text));
    const auto loaded = load_text(row.text, "t", {readers, labels});
    REQUIRE(loaded.problems.size() == 1);
    CAPTURE(loaded.problems[0]);
    CHECK(loaded.problems[0].starts_with(row.problem));
    CHECK((loaded.problems[0].find("; ") != std::string::npos));
    CHECK(loaded.settings == Settings{});
  }
}

TEST_CASE("all mistakes are told at once, in the order of the file") {
  const auto loaded =
      load_text("[log]\nlevel = 1\n[bpf]\nx = 1\nenabled = 0\n[collect]\ninterval = \"x\"\n", "t");
  REQUIRE(loaded.problems.size() == 4);
  CHECK(loaded.problems[0].starts_with("t:2:9: log.level"));
  CHECK(loaded.problems[1].starts_with("t:4:1: bpf.x"));
  CHECK(loaded.problems[2].starts_with("t:5:11: bpf.enabled"));
  CHECK(loaded.problems[3].starts_with("t:7:12: collect.interval"));
}

TEST_CASE("a file of nothing but mistakes does not flood the terminal") {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "zzz" + std::to_string(i) + " = 1\n";
  const auto loaded = load_text(text, "t");
  CHECK(loaded.problems.size() == 51);
  CHECK(loaded.problems.back() == "t: and 9950 more");
}

TEST_CASE("CRLF, tabs and a byte order mark are fine; so is a megabyte of comments") {
  CHECK(load_text("\xEF\xBB\xBF[collect]\r\n\tinterval\t= \"2s\"\r\n", "t")
            .settings.collect.interval_ns == 2'000'000'000);
  std::string long_text;
  while (long_text.size() < kLongestText - 100) long_text += "# " + std::string(90, 'x') + '\n';
  CHECK(load_text(long_text, "t"));
  CHECK_FALSE(load_text(long_text + long_text, "t"));
}

TEST_CASE("nesting without end is refused and costs no stack") {
  std::string dotted = "a";
  for (int i = 0; i < 300'000; ++i) dotted += ".a";
  CHECK(load_text(dotted + " = 1\n", "t").problems.size() == 1);
  CHECK(load_text("[" + dotted + "]\n", "t").problems.size() == 1);
  CHECK(load_text("a = " + std::string(500'000, '['), "t").problems.size() == 1);
  std::string tables = "a = 1";
  for (int i = 0; i < 50'000; ++i) tables.insert(0, "a = {");
  CHECK(load_text(tables, "t").problems.size() == 1);
}

TEST_CASE("files that cannot be read say so") {
  const test::Tree tree(
      "-- good.toml --\n[log]\nlevel = \"error\"\n-- bad.toml --\n[log]\nlevel = 1\n-- dir/ --\n");
  const std::string root = tree.root();
  CHECK(load_file(root + "/good.toml", Missing::is_a_problem).settings.log.level ==
        LogLevel::error);
  CHECK(load_file(root + "/bad.toml", Missing::is_fine)
            .problems.at(0)
            .starts_with(root + "/bad.toml:2:9: log.level: "));
  CHECK(load_file(root + "/none.toml", Missing::is_a_problem).problems.at(0) ==
        root +
            "/none.toml: cannot be read: No such file or directory; give the path of a readable "
            "file");
  CHECK_FALSE(load_file(root + "/dir", Missing::is_fine));
  CHECK_FALSE(load_file("/dev/zero", Missing::is_fine));
  CHECK(load_file("/dev/null", Missing::is_a_problem));
}
