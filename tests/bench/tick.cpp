// What a tick over N real cgroups costs, beside a bare loop over the same files in the same run.
//   tick N [idle|active|network]   the table
//   tick N only TICKS              nothing but so many ticks, for a tracer to count system calls
//   tick N walk TICKS              the same of the agent that walks, for a profiler
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "bench/agent_parts.hpp"
#include "bench/busy_processes.hpp"
#include "bench/file_calls.hpp"
#include "bench/heap_calls.hpp"
#include "support/forked.hpp"
#include "support/real_cgroups.hpp"

namespace hostmeter::bench {
namespace {

constexpr int kSkipped = 77;
// Files are read at every tick, every 5th, 15th, 30th, 60th; all of it has come round after 60.
constexpr unsigned kCycle = 60;
constexpr double kTarget = 1.2;

std::string name_of(unsigned i) {
  char name[80];
  std::snprintf(name, sizeof name, "docker/%064x", i + 1);
  return name;
}

struct Cost {
  double loop = 0, sampler = 0, pump = 0;  // ns of CPU time
  double walk_sampler = 0, walk_pump = 0;  // the same tick of the agent that walks
  double ratio() const { return (sampler + pump) / loop; }
  double walk() const { return walk_sampler + walk_pump; }
};

struct Sums {
  Cost cost;
  std::size_t kept = 0, opened = 0;
  std::uint64_t heap = 0, walk_heap = 0;
};

// Reads a block of a file past the page cache in each cgroup: all have block I/O to tell of.
class DirectReads {
 public:
  DirectReads() : fd_(::open("direct-reads", O_RDWR | O_CREAT | O_TRUNC | O_DIRECT, 0600)) {
    ::unlink("direct-reads");
    block_ = static_cast<char*>(std::aligned_alloc(kBlock, kBlock));
    std::memset(block_, 1, kBlock);
    usable_ = fd_ >= 0 && ::pwrite(fd_, block_, kBlock, 0) == ssize_t(kBlock);
  }
  ~DirectReads() {
    std::free(block_);
    if (fd_ >= 0) ::close(fd_);
  }
  DirectReads(const DirectReads&) = delete;

  // Another process does it, and is gone afterwards. False: not in all of them, or from no disk.
  bool read_in(const test::RealCgroups& tree, const std::vector<std::string>& names) const {
    if (!usable_) return false;
    const pid_t child = test::forked();
    if (child == 0) {
      for (const std::string& name : names) {
        tree.add_process(name, ::getpid());
        if (::pread(fd_, block_, kBlock, 0) != ssize_t(kBlock)) ::_exit(1);
      }
      ::_exit(0);
    }
    int status = 1;
    rusage used{};
    ::wait4(child, &status, 0, &used);
    return status == 0 && std::size_t(used.ru_inblock) >= names.size() * (kBlock / 512);
  }

 private:
  static constexpr std::size_t kBlock = 4096;
  int fd_;
  char* block_ = nullptr;
  bool usable_ = false;
};

enum class Kind { idle, active, network };

// A veth from here into the network namespace of each. No packet goes through them.
void connect(const std::vector<int>& pids) {
  std::FILE* const ip = ::popen("ip -batch -", "w");
  if (!ip) throw std::runtime_error("ip cannot be run");
  for (const int pid : pids)
    std::fprintf(ip, "link add hm%d up type veth peer name eth0 netns %d\n", pid, pid);
  if (::pclose(ip) != 0) throw std::runtime_error("ip made no veth");
}

bool can_connect() {
  return std::system("ip -Version >/dev/null 2>&1") == 0;  // NOLINT(concurrency-mt-unsafe)
}

using ReaderStates = std::vector<app::ReaderState>;

// What each reader of an agent took between two moments, per cgroup and tick.
void print_readers(const ReaderStates& before, const ReaderStates& after, double each) {
  std::printf("    readers, ns:");
  for (std::size_t i = 0; i < after.size(); ++i) {
    const double ns = double(after[i].busy_ns - before[i].busy_ns) / each;
    if (ns >= 0.5) std::printf(" %s %.0f", std::string(after[i].name).c_str(), ns);
  }
  std::printf("\n");
}

// Ticks of one agent, one after the other.
struct Alone {
  std::vector<double> cycles;  // ns of CPU time of a tick, in the mean of each cycle; ascending
  ReaderStates before, after;
};

class Bench {
 public:
  Bench(unsigned cgroups, Kind kind) {
    std::vector<std::string> names;
    for (unsigned i = 0; i < cgroups; ++i) names.push_back(name_of(i));
    for (const std::string& name : names) tree_.make(name);
    all_have_read_ = DirectReads().read_in(tree_, names);
    const auto network =
        kind == Kind::network ? BusyProcesses::Network::own : BusyProcesses::Network::ours;
    std::vector<int> pids;
    for (const std::string& name : names) {
      pids.push_back(asleep_.add(network));
      tree_.add_process(name, pids.back());
    }
    if (kind == Kind::network) connect(pids);
    if (kind != Kind::active) return;
    for (unsigned i = 0; i < cgroups; i += 10) tree_.add_process(name_of(i), busy_.add());
  }
  ~Bench() {
    busy_.end();
    asleep_.end();
  }

  const test::RealCgroups& tree() const { return tree_; }
  AgentParts& agent() { return agent_; }
  AgentParts& walker() { return walker_; }

  // Whether programs count block I/O, and every cgroup has some.
  bool has_block_rows() const {
    return all_have_read_ &&
           std::ranges::any_of(walker_.reader_states(), [](const app::ReaderState& state) {
             return state.name == "cgroup_blkio" && source::to_string(state.mode) == "bpf";
           });
  }

  void warm_up() {
    for (unsigned i = 0; i < 3 * kCycle; ++i) {
      busy_.burst();
      agent_.sample();
      agent_.pump();
      walker_.sample();
      walker_.pump();
    }
  }

  Alone alone(AgentParts& agent, unsigned cycles) {
    Alone alone;
    alone.before = agent.reader_states();
    for (unsigned cycle = 0; cycle < cycles; ++cycle)
      alone.cycles.push_back(timed([&] {
                               for (unsigned i = 0; i < kCycle; ++i) {
                                 agent.sample();
                                 agent.pump();
                               }
                             }) /
                             kCycle);
    alone.after = agent.reader_states();
    std::ranges::sort(alone.cycles);
    return alone;
  }

  // The same tick by the agent and by the loop, one after the other, each after a burst.
  Sums cycle() {
    Sums sums;
    for (unsigned i = 0; i < kCycle; ++i) {
      busy_.burst();
      const std::uint64_t heap = heap_calls();
      calls_.begin();
      sums.cost.sampler += timed([&] { agent_.sample(); });
      calls_.end();
      sums.cost.pump += timed([&] { agent_.pump(); });
      sums.heap += heap_calls() - heap;
      busy_.burst();
      const std::uint64_t walk_heap = heap_calls();
      sums.cost.walk_sampler += timed([&] { walker_.sample(); });
      sums.cost.walk_pump += timed([&] { walker_.pump(); });
      sums.walk_heap += heap_calls() - walk_heap;
      busy_.burst();
      sums.cost.loop += timed([&] { calls_.repeat(); });
      sums.kept += calls_.kept_reads();
      sums.opened += calls_.opened_reads();
    }
    return sums;
  }

 private:
  template <class Work>
  double timed(Work&& work) {
    const std::uint64_t before = agent_.clock().thread_cpu_ns();
    work();
    return double(agent_.clock().thread_cpu_ns() - before);
  }

  test::RealCgroups tree_;
  BusyProcesses asleep_, busy_;
  bool all_have_read_ = false;
  FileCalls calls_;
  AgentParts agent_{AgentParts::Which::cgroup_readers};
  AgentParts walker_{AgentParts::Which::cgroup_readers, true};
};

void print_alone(AgentParts& agent, const Alone& alone) {
  const double cgroups = double(agent.cgroups());
  std::printf("    tick after tick (warm caches): %.0f ns (%.0f to %.0f)\n",
              alone.cycles[alone.cycles.size() / 2] / cgroups, alone.cycles.front() / cgroups,
              alone.cycles.back() / cgroups);
  print_readers(alone.before, alone.after, cgroups * kCycle * double(alone.cycles.size()));
}

// Without block rows the walk does less than is to be judged.
const char* verdict(bool met, const Bench& bench) {
  if (!met) return "MISSED";
  return bench.has_block_rows() ? "met" : "cannot be told: block rows are missing";
}

// Beside the files, in the same run, and then alone.
bool walk_table(Bench& bench, const std::vector<Sums>& all, const ReaderStates& before,
                double each) {
  constexpr double kMost = 1000, kTimesCheaper = 10;
  std::vector<Cost> costs;
  std::vector<std::uint64_t> heaps;
  for (const Sums& sums : all) costs.push_back(sums.cost);
  for (const Sums& sums : all) heaps.push_back(sums.walk_heap);
  std::ranges::sort(heaps);
  // Some cgroup may have waited for a CPU for the first time ever: that makes its account.
  const std::uint64_t heap = heaps[heaps.size() / 2];
  std::sort(costs.begin(), costs.end(),
            [](const Cost& a, const Cost& b) { return a.walk() < b.walk(); });
  const Cost& middle = costs[costs.size() / 2];
  const double ns = middle.walk() / each, files = (middle.sampler + middle.pump) / middle.walk();
  std::printf("  the agent that walks, the same ticks:");
  for (const app::ReaderState& state : bench.walker().reader_states())
    if (state.name.starts_with("cgroup_"))
      std::printf(" %s=%s", std::string(state.name.substr(7)).c_str(),
                  std::string(source::to_string(state.mode)).c_str());
  std::printf(
      "\n    in turn with the files (cold caches): sampler %.0f ns, pump %.0f ns, together "
      "%.0f ns (%.0f to %.0f)\n",
      middle.walk_sampler / each, middle.walk_pump / each, ns, costs.front().walk() / each,
      costs.back().walk() / each);
  std::printf("    target at most %.0f ns: %s; files / walk: %.1f, target at least %.0f: %s\n",
              kMost, verdict(ns <= kMost, bench), files, kTimesCheaper,
              verdict(files >= kTimesCheaper, bench));
  print_readers(before, bench.walker().reader_states(), each * double(all.size()));
  print_alone(bench.walker(), bench.alone(bench.walker(), unsigned(all.size())));
  std::printf("    heap allocations in a cycle, median: %llu (at most %llu), target 0: %s\n",
              static_cast<unsigned long long>(heap), static_cast<unsigned long long>(heaps.back()),
              verdict(heap == 0, bench));
  return ns <= kMost && files >= kTimesCheaper && heap == 0;
}

void row(const char* what, double ns, double loop) {
  std::printf("  %-44s %9.0f ns   x %.3f\n", what, ns, ns / loop);
}

constexpr const char* kWhat[] = {"a process asleep in each", "a process busy in every 10th",
                                 "a process asleep in each, with a network of its own"};

int table(unsigned wanted, Kind kind) {
  Bench bench(wanted, kind);
  bench.warm_up();
  const unsigned cycles = std::clamp(4000U / wanted, 3U, 9U);
  std::vector<Sums> all;
  const ReaderStates before = bench.walker().reader_states();
  for (unsigned i = 0; i < cycles; ++i) all.push_back(bench.cycle());
  std::sort(all.begin(), all.end(),
            [](const Sums& a, const Sums& b) { return a.cost.ratio() < b.cost.ratio(); });
  const Sums& middle = all[all.size() / 2];
  const double each = double(bench.agent().cgroups()) * kCycle;
  const double loop = middle.cost.loop / each;
  std::printf("tick: %u cgroups made, %zu in all, %s; per cgroup and tick, CPU time\n", wanted,
              bench.agent().cgroups(), kWhat[std::size_t(kind)]);
  std::printf("  bare loop: %.2f preads of kept files, %.2f of open, pread, close\n",
              double(middle.kept) / each, double(middle.opened) / each);
  row("bare loop", loop, loop);
  row("sampler (reads, parses, sends)", middle.cost.sampler / each, loop);
  row("pump (binds, stores, publishes)", middle.cost.pump / each, loop);
  row("whole pipeline", (middle.cost.sampler + middle.cost.pump) / each, loop);
  // The loop has files alone, networks are asked of netlink.
  const bool met = kind == Kind::network || middle.cost.ratio() <= kTarget;
  std::printf(
      "  whole pipeline / bare loop: %.3f, median of %u cycles of %u ticks (%.3f to %.3f)\n",
      middle.cost.ratio(), cycles, kCycle, all.front().cost.ratio(), all.back().cost.ratio());
  if (kind != Kind::network)
    std::printf("  target at most %.1f: %s\n", kTarget, met ? "met" : "MISSED");
  const double heap = double(middle.heap) / kCycle;
  std::printf("  heap allocations in a steady tick: %.2f, target 0: %s\n", heap,
              heap == 0 ? "met" : "MISSED");
  const bool walk_met = walk_table(bench, all, before, each);
  if (!met || heap != 0 || (!walk_met && kind != Kind::active)) return 1;
  if (bench.has_block_rows()) return 0;
  std::puts(
      "SKIPPED: block rows are missing: needs O_DIRECT on a disk, and BPF to count block I/O");
  return kSkipped;
}

int only_ticks(unsigned wanted, bool walks, unsigned ticks) {
  Bench bench(wanted, Kind::idle);
  AgentParts& agent = walks ? bench.walker() : bench.agent();
  bench.alone(agent, 3);
  print_alone(agent, bench.alone(agent, ticks / kCycle));
  return 0;
}

}  // namespace
}  // namespace hostmeter::bench

int main(int count, char** words) {
  const unsigned cgroups = count > 1 ? unsigned(std::atoi(words[1])) : 1000;
  const std::string_view how = count > 2 ? words[2] : "idle";
  if (!hostmeter::test::RealCgroups().usable()) return hostmeter::bench::kSkipped;
  if ((how == "only" || how == "walk") && count > 3)
    return hostmeter::bench::only_ticks(cgroups, how == "walk", unsigned(std::atoi(words[3])));
  // In a network that is nobody else's, and that of process 1: this one.
  if (how == "network" && ::getpid() != 1) {
    ::execlp("unshare", "unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
             words[0], words[1], words[2], nullptr);
    std::puts("SKIPPED: needs unshare");
    return hostmeter::bench::kSkipped;
  }
  if (how == "network" && !hostmeter::bench::can_connect()) {
    std::puts("SKIPPED: needs iproute2");
    return hostmeter::bench::kSkipped;
  }
  using hostmeter::bench::Kind;
  return hostmeter::bench::table(cgroups, how == "active"    ? Kind::active
                                          : how == "network" ? Kind::network
                                                             : Kind::idle);
}
