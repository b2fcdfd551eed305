#include <doctest/doctest.h>

#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/cgroup_network.hpp"
#include "hostmeter/flow/facts/cgroup_spec.hpp"
#include "hostmeter/flow/facts/container.hpp"
#include "hostmeter/flow/facts/cpu.hpp"
#include "hostmeter/flow/facts/engine.hpp"
#include "hostmeter/flow/facts/meminfo.hpp"
#include "hostmeter/flow/facts/uname_info.hpp"
#include "made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

const std::string kId(64, 'a');
const std::string kName = R"(container_image="nginx",container_name="web")";
const std::string kEngine = R"(engine_host="node1",server_version="24.0.7")";
// The labels of a figure with one more of its own.
std::string labels(const std::string& id = kId, const std::string& more = {}) {
  const std::string first = R"(container_id=")" + id + R"(",)" + kName +
                            R"(,container_status="running",container_version="1.25",)";
  // cpu and device come between, network behind.
  const bool is_behind = more.starts_with("network");
  return "{" + first + (more.empty() || is_behind ? "" : more + ",") + R"(engine_host="node1",)" +
         (is_behind ? more + "," : "") + R"(server_version="24.0.7"} )";
}

// A host with one container, web.
struct Lab {
  MadeUpHost host;
  Subject web = host.container(1, kId);
  Instance cpu0 = host.name({"0"}), disk = host.name({"/dev/vda", "254", "0"}, web),
           eth0 = host.name({"eth0"}, web), eth1 = host.name({"eth1"}, web),
           state = host.name({"/docker/" + kId, "web", "nginx:1.25", "", "", ""}),
           engine = host.name({"docker"});

  explicit Lab(Docker options = {}, unsigned version = 1) : host(std::move(options), version) {
    host.describe(
        {.runtime = Runtime::docker, .container_id = kId, .name = "web", .image = "nginx:1.25"});
    host.say<UnameInfo>({{UnameInfo::one, 1}}, kHost, host.name({"", "", "", "", "f00ba4", ""}));
    host.say<EngineInfoField>(
        {{EngineInfoField::one, 1}}, kHost,
        host.name({"docker", "24.0.7", "1.43", "overlay2", "systemd", "node1"}));
    set_status(ContainerState::is_running);
    run(10);
  }
  void set_status(ContainerState status) {
    Facts<ContainerState> facts;
    for (const auto one : {ContainerState::is_running, ContainerState::is_exited})
      facts.set(one, std::uint64_t{one == status});
    facts.set(ContainerState::started_ns, (MadeUpHost::kStart - 5) * kSecond);
    if (status == ContainerState::is_exited) {
      facts.set(ContainerState::finished_ns, (MadeUpHost::kStart - 2) * kSecond);
      facts.set(ContainerState::exit_code, std::uint64_t{3});
    }
    facts.set(ContainerState::restarts, std::uint64_t{4});
    facts.set(ContainerState::oom_killed, std::uint64_t{1});
    host.say(facts, kHost, state);
  }
  // The host's processor is busy for so many seconds, a quarter of them for web.
  void run(std::uint64_t seconds) {
    host.say<hostmeter::Cpu>({{hostmeter::Cpu::user, seconds * kSecond / 2},
                              {hostmeter::Cpu::idle, seconds * kSecond / 2},
                              {hostmeter::Cpu::steal, seconds * kSecond}},
                             kHost, cpu0);
    host.say<CgroupCpu>({{CgroupCpu::usage_ns, seconds * kSecond / 4},
                         {CgroupCpu::user_ns, 1},
                         {CgroupCpu::system_ns, 2}},
                        web);
  }
  void set_memory(bool v1) {
    host.say<Meminfo>({{Meminfo::mem_total, 1'000}});
    Facts<CgroupMemory> facts;
    const std::pair<CgroupMemory, std::uint64_t> values[] = {
        {CgroupMemory::usage, 300},        {CgroupMemory::working_set, 250},
        {CgroupMemory::rss, 100},          {CgroupMemory::cache, 90},
        {CgroupMemory::active_file, 40},   {CgroupMemory::inactive_file, 50},
        {CgroupMemory::pgfault, 7},        {CgroupMemory::peak, 400},
        {CgroupMemory::file_writeback, 6}, {CgroupMemory::events_oom, 0}};
    for (const auto& [field, value] : values) facts.set(field, value);
    if (v1) facts.set(CgroupMemory::failcnt, std::uint64_t{2});
    if (v1) facts.set(CgroupMemory::own_pgfault, std::uint64_t{5});
    host.say(facts, web);
  }
};

}  // namespace

TEST_CASE("docker: status, how long it runs or ran, and booleans in version 2 alone") {
  for (const unsigned version : {1U, 2U}) {
    Lab lab({}, version);
    lab.host.tick(0);
    Lines wanted{"docker_container_status_exitcode" + labels() + "0",
                 "docker_container_status_pid" + labels() + "0",
                 "docker_container_status_restart_count" + labels() + "4",
                 "docker_container_status_started_at" + labels() + "1.700000005e+18",
                 "docker_container_status_uptime_ns" + labels() + "5000000000"};
    if (version == 2) wanted.insert("docker_container_status_oomkilled" + labels() + "1");
    CHECK(lab.host.lines("docker_container_status") == wanted);
  }
}

TEST_CASE("docker: one that was never started has a status, and no moment of a start") {
  const std::string created(64, 'b');
  Lab lab(Docker{.container_state_include = {"created"}});
  lab.host.describe(
      {.runtime = Runtime::docker, .container_id = created, .name = "web", .image = "nginx:1.25"});
  lab.host.say<ContainerState>(
      {{ContainerState::is_created, 1}, {ContainerState::restarts, 0}}, kHost,
      lab.host.name({"/docker/" + created, "web", "nginx:1.25", "", "", ""}));
  lab.host.tick(0);
  Lines wanted;
  for (const char* field : {"exitcode", "pid", "restart_count"}) {
    std::string line = std::string("docker_container_status_") + field + labels(created) + "0";
    line.replace(line.find("running"), 7, "created");
    wanted.insert(line);
  }
  CHECK(lab.host.lines("docker_container_status") == wanted);
}

TEST_CASE("docker: health, with what was found as a label, and no container_id") {
  Lab lab;
  lab.host.say<ContainerState>({{ContainerState::is_running, 1},
                                {ContainerState::started_ns, 1},
                                {ContainerState::unhealthy, 1},
                                {ContainerState::health_failures, 3},
                                {ContainerState::main_pid, 77}},
                               kHost, lab.state);
  lab.host.tick(0);
  CHECK(lab.host.lines("docker_container_health") ==
        Lines{"docker_container_health_failing_streak{" + kName +
              R"(,container_status="running",container_version="1.25",engine_host="node1",)" +
              R"(health_status="unhealthy",server_version="24.0.7"} 3)"});
  CHECK(lab.host.shows("docker_container_status_pid" + labels() + "77"));
}

TEST_CASE("docker: those that do not run are shown where their state is wanted") {
  Lab running, both(Docker{.container_state_include = {"running", "exited"}});
  for (Lab* lab : {&running, &both}) {
    lab->host.tick(0);
    lab->set_status(ContainerState::is_exited);
    lab->host.tick(10);
  }
  CHECK(running.host.text().find("exited") == std::string::npos);
  CHECK(both.host.text().find(R"(container_status="running")") == std::string::npos);
  const Lines exited = both.host.lines("docker_container_status_uptime_ns");
  REQUIRE(exited.size() == 1);
  CHECK(exited.begin()->find(R"(container_status="exited")") != std::string::npos);
  CHECK(exited.begin()->ends_with(" 3000000000"));
  running.host.tick(70);  // its last gather has expired
  CHECK(running.host.lines("docker_container").empty());
}

TEST_CASE("docker: CPU time, and the share of the last second as dockerd has it") {
  Lab lab;
  lab.host.tick(0);
  const std::string total = labels(kId, R"(cpu="cpu-total")");
  CHECK(lab.host.shows("docker_container_cpu_usage_total" + total + "2500000000"));
  CHECK(lab.host.shows("docker_container_cpu_usage_in_usermode" + total + "1"));
  CHECK(lab.host.shows("docker_container_cpu_usage_in_kernelmode" + total + "2"));
  CHECK(lab.host.shows("docker_container_cpu_usage_system" + total + "10000000000"));
  CHECK(lab.host.shows("docker_container_cpu_throttling_periods" + total + "0"));
  CHECK(lab.host.lines("docker_container_cpu_usage_percent").empty());
  lab.run(100);
  lab.host.tick(9);
  lab.host.say<CgroupCpu>(
      {{CgroupCpu::usage_ns, 26 * kSecond}, {CgroupCpu::periods, 5}, {CgroupCpu::throttled_ns, 6}},
      lab.web);
  lab.host.say<hostmeter::Cpu>(
      {{hostmeter::Cpu::user, 52 * kSecond}, {hostmeter::Cpu::idle, 50 * kSecond}}, kHost,
      lab.cpu0);
  lab.host.tick(10);
  CHECK(lab.host.shows("docker_container_cpu_usage_percent" + total + "50"));
  CHECK(lab.host.shows("docker_container_cpu_throttling_periods" + total + "5"));
  CHECK(lab.host.shows("docker_container_cpu_throttling_throttled_time" + total + "6"));
}

TEST_CASE("docker: memory of v2, with what its API lacks") {
  Lab lab;
  lab.set_memory(false);
  lab.host.tick(0);
  const std::string name = "docker_container_mem_";
  CHECK(lab.host.lines(name) ==
        Lines{name + "active_file" + labels() + "40", name + "inactive_file" + labels() + "50",
              name + "cache" + labels() + "90", name + "rss" + labels() + "100",
              name + "pgfault" + labels() + "7", name + "max_usage" + labels() + "400",
              name + "limit" + labels() + "1000", name + "usage" + labels() + "250",
              name + "usage_percent" + labels() + "25"});
  // All of it could be given back: to Docker's client, nothing could.
  lab.host.say<CgroupMemory>({{CgroupMemory::usage, 300}, {CgroupMemory::working_set, 0}}, lab.web);
  lab.host.tick(10);
  CHECK(lab.host.shows(name + "usage" + labels() + "300"));
  CHECK(lab.host.shows(name + "usage_percent" + labels() + "30"));
  lab.host.say<CgroupMemory>({{CgroupMemory::events_oom, 2}}, lab.web);
  lab.host.tick(20);
  CHECK(lab.host.shows(name + "fail_count" + labels() + "2"));
}

TEST_CASE("docker: memory of v1, with and without what is below it") {
  Lab lab;
  lab.set_memory(true);
  lab.host.say<CgroupSpec>({{CgroupSpec::memory_limit, 500}}, lab.web);
  lab.host.tick(0);
  const std::string name = "docker_container_mem_";
  for (const char* line : {"total_cache|90", "cache|90", "pgfault|5", "total_pgfault|7",
                           "fail_count|2", "limit|500", "usage_percent|50", "writeback|6"}) {
    const std::string_view text(line);
    const std::size_t bar = text.find('|');
    CHECK_MESSAGE(lab.host.shows(name + std::string(text.substr(0, bar)) + labels() +
                                 std::string(text.substr(bar + 1))),
                  line);
  }
  const Subject inside = lab.host.cgroup(
      2, "/docker/" + kId + "/inner",
      {.kind = CgroupKind::nested, .runtime = Runtime::docker, .container_id = kId});
  lab.host.say<CgroupMemory>({{CgroupMemory::usage, 1}}, inside);
  lab.host.tick(10);
  CHECK(lab.host.lines(name + "cache").empty());  // what is its own alone is not known
  CHECK(lab.host.shows(name + "total_cache" + labels() + "90"));
  lab.host.say<CgroupSpec>({{CgroupSpec::memory_limit, 1'001}}, lab.web);  // the machine has less
  lab.host.say<CgroupMemoryStat>({{CgroupMemoryStat::own_cache, 70}}, lab.web);
  lab.host.tick(20);
  CHECK(lab.host.shows(name + "cache" + labels() + "70"));
  CHECK(lab.host.shows(name + "limit" + labels() + "1000"));
  CHECK(lab.host.shows(name + "total_cache" + labels() + "90"));
}

TEST_CASE("docker: what only memory.stat says, as each version of cgroups has it") {
  using Field = CgroupMemoryStat;
  const std::string name = "docker_container_mem_";
  for (const bool v1 : {true, false}) {
    Lab lab;
    lab.set_memory(v1);
    lab.host.say<Field>(
        {{Field::active_anon, 11}, {Field::inactive_anon, 12}, {Field::unevictable, 13}}, lab.web);
    if (v1)
      lab.host.say<Field>({{Field::active_anon, 11},
                           {Field::own_active_anon, 21},
                           {Field::rss_huge, 14},
                           {Field::own_rss_huge, 24},
                           {Field::paged_in, 15},
                           {Field::own_paged_in, 25},
                           {Field::own_paged_out, 26},
                           {Field::hierarchical_limit, 500}},
                          lab.web);
    lab.host.tick(0);
    const auto value = [&](const std::string& field) {
      const Lines lines = lab.host.lines(name + field + "{");
      return lines.empty() ? std::string() : lines.begin()->substr(lines.begin()->rfind(' ') + 1);
    };
    CHECK(value("active_anon") == (v1 ? "21" : "11"));
    CHECK(value("inactive_anon") == (v1 ? "" : "12"));
    CHECK(value("total_active_anon") == (v1 ? "11" : ""));
    CHECK(value("rss_huge") == (v1 ? "24" : ""));
    CHECK(value("total_rss_huge") == (v1 ? "14" : ""));
    CHECK(value("pgpgin") == (v1 ? "25" : ""));
    CHECK(value("pgpgout") == (v1 ? "26" : ""));
    CHECK(value("total_pgpgin") == (v1 ? "15" : ""));
    CHECK(value("hierarchical_memory_limit") == (v1 ? "500" : ""));
  }
}

TEST_CASE("docker: CPU time by CPU, where that is asked for") {
  for (const bool asked : {true, false}) {
    Lab lab(Docker{.perdevice_include =
                       asked ? std::vector<std::string>{"cpu"} : std::vector<std::string>{}});
    lab.host.say<CgroupCpuEach>({{CgroupCpuEach::usage_ns, 70}}, lab.web,
                                lab.host.name({"0"}, lab.web));
    lab.host.say<CgroupCpuEach>({{CgroupCpuEach::usage_ns, 80}}, lab.web,
                                lab.host.name({"3"}, lab.web));
    lab.host.tick(0);
    const std::string name = "docker_container_cpu_usage_total";
    CHECK(lab.host.shows(name + labels(kId, R"(cpu="cpu0")") + "70") == asked);
    CHECK(lab.host.shows(name + labels(kId, R"(cpu="cpu3")") + "80") == asked);
    CHECK(lab.host.lines(name).size() == (asked ? 3 : 1));
  }
}

TEST_CASE("docker: variables of the environment that are asked for are labels") {
  Lab lab(Docker{.tag_env = {"HEAP"}});
  lab.host.describe({.runtime = Runtime::docker,
                     .container_id = kId,
                     .name = "web",
                     .image = "nginx:1.25",
                     .environment = {{"HEAP", "7"}, {"OTHER", "8"}}});
  lab.host.tick(0);
  const Lines status = lab.host.lines("docker_container_status_restart_count");
  REQUIRE(status.size() == 1);
  CHECK(status.begin()->find(R"(HEAP="7")") != std::string::npos);
  CHECK(status.begin()->find("OTHER") == std::string::npos);
}

TEST_CASE("docker: network and block devices, each and in total") {
  Lab lab(Docker{.perdevice_include = {"network", "blkio"}});
  for (const Instance interface : {lab.eth0, lab.eth1})
    lab.host.say<CgroupNetwork>(
        {{CgroupNetwork::receive_bytes, 5}, {CgroupNetwork::transmit_errors, 1}}, lab.web,
        interface);
  lab.host.say<CgroupBlkio>({{CgroupBlkio::read_bytes, 512}, {CgroupBlkio::write_ops, 3}}, lab.web,
                            lab.disk);
  lab.host.tick(0);
  CHECK(lab.host.lines("docker_container_net_rx_bytes") ==
        Lines{"docker_container_net_rx_bytes" + labels(kId, R"(network="eth0")") + "5",
              "docker_container_net_rx_bytes" + labels(kId, R"(network="eth1")") + "5",
              "docker_container_net_rx_bytes" + labels(kId, R"(network="total")") + "10"});
  CHECK(lab.host.shows("docker_container_net_tx_errors" + labels(kId, R"(network="total")") + "2"));
  const std::string name = "docker_container_blkio_io_service";
  CHECK(lab.host.lines(name) ==
        Lines{name + "_bytes_recursive_read" + labels(kId, R"(device="254:0")") + "512",
              name + "_bytes_recursive_read" + labels(kId, R"(device="total")") + "512",
              name + "d_recursive_write" + labels(kId, R"(device="254:0")") + "3",
              name + "d_recursive_write" + labels(kId, R"(device="total")") + "3"});
}

TEST_CASE("docker: block I/O of v1, also by whether somebody waits for it") {
  Lab lab(Docker{.perdevice_include = {}, .total_include = {"blkio"}});
  lab.set_memory(true);
  const Instance other = lab.host.name({"/dev/vdb", "254", "16"}, lab.web);
  lab.host.say<CgroupBlkio>({{CgroupBlkio::read_bytes, 512},
                             {CgroupBlkio::write_bytes, 400},
                             {CgroupBlkio::discard_bytes, 10},
                             {CgroupBlkio::async_bytes, 100},
                             {CgroupBlkio::read_ops, 5},
                             {CgroupBlkio::write_ops, 4},
                             {CgroupBlkio::async_ops, 1}},
                            lab.web, lab.disk);
  lab.host.say<CgroupBlkio>({{CgroupBlkio::write_bytes, 60}, {CgroupBlkio::async_bytes, 20}},
                            lab.web, other);
  lab.host.tick(0);
  for (const auto& one : {std::pair{"service_bytes_recursive_total", "982"},
                          {"service_bytes_recursive_discard", "10"},
                          {"service_bytes_recursive_async", "120"},
                          {"service_bytes_recursive_sync", "862"},
                          {"serviced_recursive_async", "1"},
                          {"serviced_recursive_sync", "8"}})
    CHECK_MESSAGE(lab.host.shows(std::string("docker_container_blkio_io_") + one.first +
                                 labels(kId, R"(device="total")") + one.second),
                  one.first);
}

TEST_CASE("docker: classes that are not wanted are not there") {
  Lab lab(Docker{.perdevice_include = {}, .total_include = {}});
  lab.host.say<CgroupNetwork>({{CgroupNetwork::receive_bytes, 5}}, lab.web, lab.eth0);
  lab.host.say<CgroupBlkio>({{CgroupBlkio::read_bytes, 512}}, lab.web, lab.disk);
  lab.host.tick(0);
  for (const char* name : {"cpu", "net", "blkio"})
    CHECK(lab.host.lines(std::string("docker_container_") + name).empty());
}

TEST_CASE("docker: all of a container's labels, or those that are wanted") {
  const auto shown = [](Docker options) {
    Lab lab(std::move(options));
    lab.host.describe({.runtime = Runtime::docker,
                       .container_id = kId,
                       .name = "web",
                       .image = "nginx:1.25",
                       .labels = {{"com.example.team", "a"}, {"version", "9"}}});
    lab.host.tick(0);
    return *lab.host.lines("docker_container_status_started_at").begin();
  };
  CHECK(shown({}).find(R"(com_example_team="a")") != std::string::npos);
  CHECK(shown({}).find(R"(,version="9"})") != std::string::npos);
  const std::string one = shown({.docker_label_exclude = {"com.*"}, .source_tag = true});
  CHECK(one.find("team") == std::string::npos);
  CHECK(one.find(R"(source="aaaaaaaaaaaa",version="9"})") != std::string::npos);
}

TEST_CASE("docker: containers by name") {
  const auto count = [](Docker options) {
    Lab lab(std::move(options));
    lab.host.tick(0);
    return lab.host.lines("docker_container_status_started_at").size();
  };
  CHECK(count({.container_name_include = {"w*"}}) == 1);
  CHECK(count({.container_name_include = {"db"}}) == 0);
  CHECK(count({.container_name_exclude = {"web"}}) == 0);
}

TEST_CASE("docker: one that comes does not cost the others what they remember") {
  Lab lab;
  lab.host.tick(0);
  lab.run(20);
  lab.host.tick(9);
  const Subject db = lab.host.container(2, std::string(64, 'b'));
  lab.host.describe(
      {.runtime = Runtime::docker, .container_id = std::string(64, 'b'), .name = "db"});
  lab.host.say<CgroupCpu>({{CgroupCpu::usage_ns, 1}}, db);
  lab.run(30);
  lab.host.tick(10);
  CHECK(lab.host.shows("docker_container_cpu_usage_percent" + labels(kId, R"(cpu="cpu-total")") +
                       "25"));
  CHECK(lab.host.lines("docker_container_cpu_usage_total").size() == 2);
}
