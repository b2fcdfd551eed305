// What the telegraf contract costs with 1,000 made-up containers: a tick, a gather, a scrape.
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "contract/telegraf/made_up_host.hpp"
#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/cgroup_network.hpp"
#include "hostmeter/flow/facts/container.hpp"
#include "hostmeter/flow/facts/cpu.hpp"
#include "hostmeter/flow/facts/meminfo.hpp"

namespace hostmeter::contract::telegraf {
namespace {

constexpr unsigned kContainers = 1'000, kRounds = 200;
constexpr std::uint64_t kEvery = 15;  // seconds, the first user's
constexpr double kMostTickNs = 500, kMostRenderNs = 100;

std::uint64_t cpu_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::uint64_t(now.tv_sec) * kSecond + std::uint64_t(now.tv_nsec);
}

std::string id_of(unsigned number) {
  char id[65];
  std::snprintf(id, sizeof id, "%064x", number);
  return id;
}

Options first_user() {
  const std::vector<std::string> all{"cpu", "blkio", "network"};
  Options options{.global_tags = {{"host", "web1"}}};
  options.inputs.push_back({.plugin = Docker{.perdevice_include = all, .total_include = all},
                            .timing = {.interval_ns = kEvery * kSecond}});
  return options;
}

template <class Field>
void say_all(MadeUpHost& host, Subject subject, Instance instance, std::uint64_t value) {
  Facts<Field> facts;
  for (std::size_t i = 0; i < Facts<Field>::kFields; ++i)
    facts.set(Field(i), 91'234'567'891 + value + i);
  host.say(facts, subject, instance);
}

struct Host : MadeUpHost {
  Host() : MadeUpHost(first_user()) {
    say<hostmeter::Cpu>({{hostmeter::Cpu::user, 1}, {hostmeter::Cpu::idle, 1}}, kHost, name({"0"}));
    say<Meminfo>({{Meminfo::mem_total, 1U << 30U}});
    for (unsigned i = 1; i <= kContainers; ++i) add(i);
  }
  void add(unsigned number) {
    const std::string id = id_of(number), called = "shop-web-" + std::to_string(number);
    const Subject subject = container(number, id);
    describe({.runtime = Runtime::docker,
              .container_id = id,
              .name = called,
              .image = "registry.example.com/shop/web:1.25",
              .labels = {{"com.docker.compose.project", "shop"},
                         {"com.docker.compose.service", "web"}}});
    say_all<CgroupCpu>(*this, subject, 0, number);
    say_all<CgroupMemory>(*this, subject, 0, number);
    say_all<CgroupBlkio>(*this, subject, name({"/dev/vda", "254", "0"}, subject), number);
    say_all<CgroupNetwork>(*this, subject, name({"eth0"}, subject), number);
    say<ContainerState>({{ContainerState::is_running, 1},
                         {ContainerState::started_ns, kStart * kSecond},
                         {ContainerState::restarts, 0}},
                        kHost, name({"/docker/" + id, called, "web", "", "", ""}));
  }
  // In ns of CPU time. The snapshot is made before, as for any contract.
  std::uint64_t timed_tick(std::uint64_t second) {
    prepare(second);
    const std::uint64_t begin = cpu_ns();
    serve();
    return cpu_ns() - begin;
  }
};

struct Row {
  const char* what;
  double ns;
  double most;  // 0: no target
};

// Ticks of a second each, so many gathers long.
void measure_ticks(Host& host, std::vector<Row>& rows) {
  std::uint64_t first = host.timed_tick(0), gathers = 0, others = 0;
  std::uint64_t second = kEvery;
  for (unsigned i = 0; i < kRounds; ++i)
    for (std::uint64_t in = 0; in < kEvery; ++in, ++second)
      (in == 0 ? gathers : others) += host.timed_tick(second);
  const double ticks = double(kRounds) * kContainers;
  rows.push_back({"first tick: all is bound", double(first) / kContainers, 0});
  rows.push_back({"a gather", double(gathers) / ticks, 0});
  rows.push_back({"a tick, of a gather every 15 s",
                  double(gathers + others) / ticks / double(kEvery), kMostTickNs});
  host.add(kContainers + 1);
  rows.push_back({"a gather after one has come", double(host.timed_tick(second)) / kContainers, 0});
}

void measure_render(const Host& host, std::vector<Row>& rows) {
  std::vector<char> piece(64U << 10U);
  std::size_t series = 0, bytes = 0;
  for (const store::ViewFamily& family : host.view().layout->families)
    series += family.lines.size();
  const std::uint64_t begin = cpu_ns();
  for (unsigned i = 0; i < 20; ++i) {
    expose::TextStream text(host.snapshot(), {.view = &host.view()}, 0);
    while (const std::size_t length = text.fill(piece)) bytes += length;
  }
  const double each = double(cpu_ns() - begin) / 20 / double(series);
  std::printf("  %zu series, %zu bytes a scrape\n", series, bytes / 20);
  rows.push_back({"render, for each series", each, kMostRenderNs});
}

}  // namespace
}  // namespace hostmeter::contract::telegraf

int main() {
  using namespace hostmeter::contract::telegraf;
  std::printf("telegraf: %u containers, CPU time, for each container where nothing else is said\n",
              kContainers);
  Host host;
  std::vector<Row> rows;
  measure_ticks(host, rows);
  measure_render(host, rows);
  bool met = true;
  for (const Row& row : rows) {
    const bool is_met = row.most == 0 || row.ns <= row.most;
    met = met && is_met;
    std::printf("  %-34s %8.1f ns%s\n", row.what, row.ns,
                row.most == 0 ? ""
                : is_met      ? "  target met"
                              : "  target MISSED");
  }
  return met ? 0 : 1;
}
