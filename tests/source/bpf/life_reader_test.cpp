#include "source/bpf/life_reader.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "fake_life_table.hpp"
#include "hostmeter/flow/facts/bpf_map.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_life.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/life.hpp"
#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source;

namespace {

const std::string kPath = "/docker/" + std::string(64, 'a');

// In the order of test::kV1Mounts.
enum : std::uint32_t { kMemory = 4, kCpu = 1, kCpuacct = 2, kPids = 8, kBlkio = 7, kUnified = 0 };

struct Lab {
  explicit Lab(cgroup::Options options = {.linger_ns = 90, .max_lingering = 100})
      : host(test::kV1Mounts, "-- cg/memory/docker/ --\n-- cg/cpuacct/docker/ --\n", options) {
    auto owned = std::make_unique<test::FakeLifeTable>();
    table = owned.get();
    std::vector<bpf::LifeEvents::Hierarchy> known;
    for (const std::uint32_t number : {kMemory, kCpu, kCpuacct, kPids, kBlkio, kUnified})
      known.push_back({number, {}});
    reader = std::make_unique<bpf::LifeReader>(host.made_up.host, host.tree, std::move(known),
                                               bpf::LifeReader::Where{2, 0}, std::move(owned));
    tick();
    processes_map = host.out.instance("life_processes");
  }
  void tick(bool resend = false) {
    host.now.monotonic_ns += 10;
    host.now.realtime_ns = 1'000'000 + host.now.monotonic_ns;
    host.tick(*reader, resend);
  }
  void make(const std::string& path) const {
    for (const char* top : {"cg/memory", "cg/cpuacct"})
      std::filesystem::create_directories(host.made_up.tree.root() / (top + path));
  }
  void remove(const std::string& path) const {
    for (const char* top : {"cg/memory", "cg/cpuacct"}) host.remove(top + path);
  }
  std::uint64_t id(const std::string& path, std::size_t hierarchy) const {
    return host.find(path)->kernfs_id[hierarchy];
  }
  Subject born() const {
    for (const NewsItem& item : host.out.news)
      if (const auto* found = std::get_if<Born>(&item)) return found->subject;
    return kHost;
  }
  template <class Field>
  std::optional<std::uint64_t> value(Field field, Subject subject, Instance instance = 0) const {
    return host.out.value(field, subject, instance);
  }
  // Of several Records about it the one that has the field.
  std::optional<std::uint64_t> any(CgroupLife field, Subject subject) const {
    for (const Record& record : host.out.records)
      if (record.group == Group::cgroup_life && record.subject == subject &&
          (record.present >> unsigned(field) & 1U) != 0)
        return record.value[unsigned(field)];
    return {};
  }
  bool is_final(Group group, Subject subject) const {
    for (const Record& record : host.out.records)
      if (record.group == group && record.subject == subject)
        return (record.present & kFinalFigures) != 0;
    return false;
  }

  test::CgroupHost host;
  test::FakeLifeTable* table = nullptr;
  std::unique_ptr<bpf::LifeReader> reader;
  Instance processes_map = 0;
};

}  // namespace

TEST_CASE("one that came and went unseen has all its figures, from each hierarchy its own") {
  Lab lab;
  lab.table->removed(kMemory, 501, 12, 15, kPath,
                     {{WIRE_LIFE_MEMORY_PEAK, 4096}, {WIRE_LIFE_EVENTS_OOM_KILL, 0}});
  lab.table->removed(kCpuacct, 502, 13, 16, kPath,
                     {{WIRE_LIFE_CPU_USAGE, 900},
                      {WIRE_LIFE_CPU_USER, 20},
                      {WIRE_LIFE_CPU_SYSTEM, 10},
                      {WIRE_LIFE_EXECS, 1},
                      {WIRE_LIFE_EXITS, 2}});
  lab.tick();
  const Subject brief = lab.born();
  REQUIRE(brief != kHost);
  CHECK(lab.value(CgroupMemory::peak, brief) == 4096);
  CHECK(lab.value(CgroupMemory::oom_kills, brief) == 0);
  CHECK_FALSE(lab.value(CgroupMemory::events_high, brief));
  CHECK(lab.value(CgroupCpu::usage_ns, brief) == 900);
  CHECK(lab.value(CgroupCpu::user_ns, brief) == 600);  // in proportion to the ticks
  CHECK(lab.value(CgroupCpu::system_ns, brief) == 300);
  CHECK(lab.any(CgroupLife::exits, brief) == 2);
  CHECK(lab.any(CgroupLife::lived_ns, brief) == 3);
  CHECK(lab.is_final(Group::cgroup_memory, brief));
  CHECK(lab.is_final(Group::cgroup_cpu, brief));
  CHECK(lab.is_final(Group::cgroup_life, brief));
}

TEST_CASE("of a run of a script no end is told, and nothing of it lingers") {
  Lab lab;
  const std::string run = "/system.slice/hostmeter.service/hostmeter-scripts/run-7";
  for (const std::string& path : {run, run + "/below"}) {
    lab.table->removed(kMemory, 501, 12, 15, path, {{WIRE_LIFE_MEMORY_PEAK, 4096}});
    lab.table->removed(kCpuacct, 502, 13, 16, path, {{WIRE_LIFE_CPU_USAGE, 900}});
  }
  lab.tick();
  CHECK(lab.born() == kHost);
  for (const Record& record : lab.host.out.records) CHECK(record.subject == kHost);
  CHECK(lab.host.out.news.empty());
  CHECK(lab.host.tree.departed().empty());
}

TEST_CASE("of one that leaves its hierarchies one by one the figures wait for the last") {
  Lab lab;
  lab.make(kPath);
  lab.tick();
  const Subject subject = lab.host.subject(kPath);
  lab.table->removed(kCpuacct, lab.id(kPath, 2), 14, 25, kPath, {{WIRE_LIFE_CPU_USAGE, 900}});
  lab.host.remove("cg/cpuacct" + kPath);
  lab.tick();
  CHECK(lab.host.find(kPath));
  CHECK_FALSE(lab.value(CgroupCpu::usage_ns, subject));
  lab.table->removed(kMemory, lab.id(kPath, 0), 0, 35, kPath, {{WIRE_LIFE_MEMORY_PEAK, 4096}});
  lab.host.remove("cg/memory" + kPath);
  lab.tick();
  CHECK(lab.value(CgroupCpu::usage_ns, subject) == 900);
  CHECK(lab.any(CgroupLife::lived_ns, subject) == 11);
  CHECK(lab.value(CgroupMemory::peak, subject) == 4096);
  lab.tick();
  CHECK_FALSE(lab.value(CgroupCpu::usage_ns, subject));
}

TEST_CASE("an end that is told after it was noticed still counts") {
  Lab lab;
  lab.make(kPath);
  lab.tick();
  const Subject subject = lab.host.subject(kPath);
  const std::uint64_t cpuacct = lab.id(kPath, 2);
  lab.remove(kPath);
  lab.tick();
  lab.table->removed(kCpuacct, cpuacct, 0, 35, kPath, {{WIRE_LIFE_CPU_USAGE, 900}});
  lab.tick();
  CHECK(lab.value(CgroupCpu::usage_ns, subject) == 900);
  CHECK(lab.is_final(Group::cgroup_cpu, subject));
  CHECK_FALSE(lab.value(CgroupLife::lived_ns, subject));  // nobody saw it made
}

TEST_CASE("processes are counted for each cgroup, and from 0 for one that has done nothing") {
  Lab lab;
  lab.make(kPath);
  lab.tick();
  const Subject subject = lab.host.subject(kPath);
  CHECK(lab.value(CgroupLife::execs, subject) == 0);
  lab.table->rows = {{lab.id(kPath, 2), {3, 4, 1}}, {999, {5, 5, 1}}};
  lab.table->state.process_events = 7;
  lab.tick();
  CHECK(lab.value(CgroupLife::execs, subject) == 3);
  CHECK(lab.value(CgroupLife::exits, subject) == 4);
  const std::size_t reads = lab.table->reads;
  lab.tick();
  CHECK(lab.table->reads == reads);  // nothing happened
  lab.tick(true);
  CHECK(lab.value(CgroupLife::exits, subject) == 4);
}

TEST_CASE("a row that a full map had no room for is absent, not 0") {
  Lab lab;
  lab.table->state.processes_full = 1;
  lab.table->state.process_events = 7;
  lab.make(kPath);
  lab.tick();
  CHECK_FALSE(lab.value(CgroupLife::execs, lab.host.subject(kPath)));
  CHECK(lab.value(BpfMap::dropped, kHost, lab.processes_map) == 1);
}

TEST_CASE("counts that began after some were lost are absent; those of later cgroups are not") {
  Lab lab;
  lab.make(kPath);
  lab.tick();
  const Subject subject = lab.host.subject(kPath);
  CHECK(lab.value(CgroupLife::execs, subject) == 0);
  lab.table->state.processes_full = 1;
  lab.table->state.process_events = 7;
  lab.tick();
  const auto is_taken_back = [&] {
    for (const Record& record : lab.host.out.records)
      if (record.group == Group::cgroup_life && record.subject == subject)
        return record.present == 0;
    return false;
  };
  CHECK(is_taken_back());
  const std::string later = "/docker/" + std::string(64, 'b');
  lab.make(later);
  lab.tick();
  lab.table->rows = {{lab.id(kPath, 2), {1, 0, 0}}, {lab.id(later, 2), {0, 0, 1}}};
  lab.table->state.process_events = 8;
  lab.tick();
  CHECK_FALSE(lab.value(CgroupLife::execs, subject));
  CHECK(lab.value(CgroupLife::execs, lab.host.subject(later)) == 0);
}

TEST_CASE("a map that cannot be read is an error, and asked again") {
  Lab lab;
  lab.table->failure = Error{EPERM, "no"};
  lab.table->state.process_events = 7;
  lab.tick();
  lab.tick();
  CHECK(lab.reader->read_errors() == 2);
}

TEST_CASE("the last OOM kill of a container is shown, one series for each container") {
  Lab lab;
  lab.make(kPath);
  lab.tick();
  const Subject subject = lab.host.subject(kPath);
  lab.table->killed(kMemory, lab.id(kPath, 0), lab.host.now.monotonic_ns + 5, "java", 1 << 20);
  lab.tick();
  const Instance java = lab.host.out.instance("java", subject);
  CHECK(lab.value(CgroupOom::bytes, subject, java) == 1 << 20);
  CHECK(lab.value(CgroupOom::killed_ns, subject, java) == lab.host.now.realtime_ns - 5);
  lab.table->killed(kMemory, lab.id(kPath, 0), lab.host.now.monotonic_ns + 5, "node", 0);
  lab.tick();
  const Instance node = lab.host.out.instance("node", subject);
  CHECK(node != java);
  CHECK(std::holds_alternative<GoneInstance>(lab.host.out.news.front()));
  CHECK_FALSE(lab.value(CgroupOom::bytes, subject, node));  // not known

  lab.remove(kPath);
  lab.tick();
  CHECK(lab.value(CgroupOom::killed_ns, subject, node));
  CHECK(lab.is_final(Group::cgroup_oom, subject));
}

TEST_CASE("a kill in what a container made inside itself is the container's") {
  Lab lab;
  lab.make(kPath + "/nested");
  lab.tick();
  lab.table->killed(kMemory, lab.id(kPath + "/nested", 0), 5, "java", 4096);
  lab.table->killed(kMemory, 12345, 5, "lost", 4096);
  lab.table->killed(kMemory, 0, 5, "", 0);
  lab.tick();
  CHECK(lab.host.out.instance("java", lab.host.subject(kPath)) != 0);
  CHECK(lab.host.out.instance("lost") == 0);
}

TEST_CASE("a flood leaves no more than the limit, and what was lost is shown") {
  Lab lab;
  for (std::uint64_t i = 0; i < 10'000; ++i)
    lab.table->removed(kCpuacct, 1000 + i, 12, 13, "/docker/" + std::to_string(i),
                       {{WIRE_LIFE_CPU_USAGE, i}});
  lab.table->state.rationed[WIRE_LIFE_REMOVED] = 77;
  lab.table->state.no_room[WIRE_LIFE_MADE] = 5;
  lab.table->tell("?", 1);
  lab.tick();
  CHECK(lab.value(Life::removed_rationed, kHost) == 77);
  CHECK(lab.value(Life::made_no_room, kHost) == 5);
  CHECK(lab.value(Life::malformed, kHost) == 1);
  CHECK(lab.host.tree.slots().size() < 120);
}
