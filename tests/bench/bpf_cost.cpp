// What our BPF programs add to a context switch and to a block request, net of an empty program.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "base/dir.hpp"
#include "bpf/disk_load.hpp"
#include "bpf/loop_disk.hpp"
#include "bpf/scratch_cgroup.hpp"
#include "bpf_stats.hpp"
#include "crowded_rows.hpp"
#include "line_transfer.hpp"
#include "paired_load.hpp"
#include "ping_pong.hpp"
#include "source/bpf/blkio_object.hpp"
#include "source/bpf/features.hpp"
#include "source/bpf/run_queue_object.hpp"

using namespace hostmeter;
using namespace hostmeter::bench;
using source::bpf::Options;

namespace {

constexpr int kSkipped = 77, kMissed = 1;
constexpr double kMostPerSwitchNs = 20, kMostPerRequestNs = 150, kMostSlowdown = 0.01;
constexpr int kRounds = 15;
constexpr int kFewPlacements = 15;       // for comparison, and to know a bound of 1 %
constexpr int kRequestPlacements = 100;  // to know one of some ns of a request

// What this machine does not have, for which the benchmark is skipped.
struct Lacking : std::runtime_error {
  using std::runtime_error::runtime_error;
};

source::Host live_host() {
  source::Host host;
  host.proc = std::move(*base::Dir::open("/proc"));
  host.sys = std::move(*base::Dir::open("/sys"));
  return host;
}

void need_rights(const source::Host& host) {
  if (::geteuid() != 0) throw Lacking("needs root");
  if (::access("/sys/kernel/btf/vmlinux", R_OK) != 0) throw Lacking("the kernel has no BTF");
  for (const auto& feature : source::bpf::features(host))
    if (feature.name == "bpf()" && feature.lacks) throw Lacking(std::string(feature.lacks->what));
}

template <class Object>
std::unique_ptr<Object> or_throw(Result<std::unique_ptr<Object>> loaded) {
  if (!loaded && loaded.error().code == EPERM) throw Lacking(std::string(loaded.error().what));
  if (!loaded) throw std::runtime_error(std::string(loaded.error().what));
  return std::move(*loaded);
}

struct Part {
  std::string name;
  std::function<Loaded()> load;
};

struct Variant : Part {
  std::vector<double> stats_ns = {};  // by event, as the kernel says; a round each
};

template <class... Held>
Loaded hold(Held... held) {
  return std::make_shared<std::tuple<Held...>>(std::move(held)...);
}

// Rounds take turns, so that what else goes on meets all alike. events: of the load that a program
// set is charged to.
void measure(std::vector<Variant>& variants, double events, const std::function<void()>& run) {
  for (int round = 0; round < kRounds; ++round)
    for (Variant& variant : variants) {
      const Loaded loaded = variant.load();
      run();
      const StatsOn stats;
      const auto sum = [] {
        double ns = 0;
        for (const auto& [name, cost] : costs()) ns += double(cost.ns);
        return ns;
      };
      const double before = sum();
      run();
      variant.stats_ns.push_back((sum() - before) / events);
    }
}

// Of the rounds the fewest ns: what others do only ever adds, and where they keep caches cold the
// median is mostly theirs.
double least(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

// Whether the bound holds by the programs' clocks.
bool report(const char* title, const std::vector<Variant>& variants, double most) {
  const Variant& empty = variants[0];
  std::printf("%s\n%-34s %10s %10s | %10s %10s\n", title, "", "least", "net", "median", "net");
  bool met = true;
  for (const Variant& variant : variants) {
    const double net = median_of(variant.stats_ns) - median_of(empty.stats_ns);
    std::printf("%-34s %7.0f ns %7.0f ns | %7.0f ns %7.0f ns\n", variant.name.c_str(),
                least(variant.stats_ns), least(variant.stats_ns) - least(empty.stats_ns),
                median_of(variant.stats_ns), net);
    if (variant.name.ends_with("(default)")) met = met && net <= most;
  }
  std::printf("bound: %.0f ns net of the median, by these clocks %s\n", most,
              met ? "met" : "MISSED");
  return met;
}

// By two standard errors. False: surely missed.
bool judge(const Added& found, double most) {
  const bool met = found.ns + 2 * found.error_ns <= most;
  const bool missed = found.ns - 2 * found.error_ns > most;
  std::puts(met ? "met" : missed ? "MISSED" : "cannot be told today: too uncertain");
  return !missed;
}

// The load itself, with ours beside empty programs; parts: the same of less than ours, for
// comparison. judged: so many placements of ours. most_ns: a bound beside that of all loads. False:
// one is surely missed.
bool report_load(const std::function<Loaded()>& empty, const std::vector<Part>& parts,
                 const std::function<Loaded()>& ours, const std::function<double()>& stretch,
                 int judged, std::optional<double> most_ns = {}) {
  const auto compare = [&](const std::string& what, int placements,
                           const std::function<Loaded()>& base,
                           const std::function<Loaded()>& more) {
    const Added found = added(placements, base, more, stretch);
    const double percent_per_ns = 100 / found.event_ns;
    std::printf("%-34s %+7.0f +- %.0f ns of %.0f: %+.2f +- %.2f %%\n", what.c_str(), found.ns,
                found.error_ns, found.event_ns, found.ns * percent_per_ns,
                found.error_ns * percent_per_ns);
    return found;
  };
  std::printf("one event of the load itself, of %d placements in memory; for comparison %d\n",
              judged, kFewPlacements);
  const auto nothing = [] { return Loaded(); };
  compare("empty programs, beside none", kFewPlacements, nothing, empty);
  for (const Part& part : parts)
    compare(part.name + ", beside empty", kFewPlacements, empty, part.load);
  const Added found = compare("the default, beside empty ones", judged, empty, ours);
  std::printf("bound: %.0f %%, ", 100 * kMostSlowdown);
  bool holds = judge(found, kMostSlowdown * found.event_ns);
  if (most_ns) {
    std::printf("bound: %.0f ns net, ", *most_ns);
    holds = judge(found, *most_ns) && holds;
  }
  std::puts("");
  return holds;
}

std::filesystem::path cpu_root() {
  for (const char* root : {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"})
    if (std::filesystem::exists(std::filesystem::path(root) / "cgroup.procs")) return root;
  return "/sys/fs/cgroup";
}

bool context_switch(const source::Host& host) {
  const test::ScratchCgroup one(cpu_root(), "hostmeter-bench-ping");
  const test::ScratchCgroup other(cpu_root(), "hostmeter-bench-pong");
  PingPong load(one, other, 0);
  constexpr std::uint64_t kBalls = 10'000;
  const auto ours = [&](std::uint64_t threshold_ns) {
    Options options;
    options.run_queue_threshold_ns = threshold_ns;
    return hold(or_throw(
        source::bpf::RunQueueObject::load(host, source::bpf::RunQueueController::cpu, options)));
  };
  const auto empty = [] { return hold(EmptyProgram("sched_switch")); };
  const auto usual = [&] { return ours(64'000); };
  std::vector<Variant> variants = {
      {"empty program", empty, {}},
      {"waits of 64 us and more (default)", usual, {}},
      {"all waits", [&] { return ours(0); }, {}},
  };
  measure(variants, 2.0 * kBalls, [&] { return load.run(kBalls); });
  const bool met = report("one context switch, a ping-pong between two cgroups on one CPU",
                          variants, kMostPerSwitchNs);
  return report_load(
             empty, {}, usual, [&] { return load.run(kBalls / 40); }, kFewPlacements) &&
         met;
}

using source::bpf::BlkioObject;

// Where other keys have all direct rows; after so many readings of an agent, which finds them idle
// while the load goes on.
Loaded crowded(const source::Host& host, int readings, const std::function<double()>& run) {
  auto object = or_throw(BlkioObject::load(host, Options()));
  crowd();
  for (int i = 0; i < readings; ++i) {
    run();
    if (!object->grown()) throw std::runtime_error("maps cannot be read");
  }
  return hold(std::move(object));
}

bool block_request(const source::Host& host) {
  const test::LoopDisk disk;
  if (!disk) throw Lacking("no loop devices");
  constexpr std::uint64_t kReads = 2'000, kFew = 50;
  alignas(test::kBlock) static std::array<char, test::kBlock> block{};
  const auto read = [&](std::uint64_t reads) {
    timespec from{}, to{};
    ::clock_gettime(CLOCK_MONOTONIC, &from);
    for (std::uint64_t i = 0; i < reads; ++i)
      if (::pread(disk.fd(), block.data(), test::kBlock, off_t(i % 1024 * test::kBlock)) < 0)
        throw std::runtime_error("read of a loop disk");
    ::clock_gettime(CLOCK_MONOTONIC, &to);
    return (double(to.tv_sec - from.tv_sec) * 1e9 + double(to.tv_nsec - from.tv_nsec)) /
           double(reads);
  };
  const auto run = [&] { return read(kReads); };
  const auto stretch = [&] { return read(kReads / 20); };
  const auto few = [&] { return read(kFew); };
  const auto with_call = [](bpf_func_id helper) {
    return hold(EmptyProgram("block_rq_complete", helper));
  };
  const auto empty = [&] { return with_call(BPF_FUNC_unspec); };
  const auto clock = [&] { return with_call(BPF_FUNC_ktime_get_ns); };
  const auto ours = [&](bool latency) {
    Options options;
    options.blkio_latency = latency;
    return hold(or_throw(BlkioObject::load(host, options)));
  };
  const auto usual = [&] { return ours(true); };
  std::vector<Variant> variants = {
      {"empty program at completion", empty, {}},
      {"the clock alone", clock, {}},
      {"counts and latency (default)", usual, {}},
      {"counts, at issue", [&] { return ours(false); }, {}},
      {"with all direct rows another's", [&] { return crowded(host, 0, few); }, {}},
      {"with those idle for long (default)", [&] { return crowded(host, 60, few); }, {}},
  };
  measure(variants, double(kReads), run);
  if (const auto line = line_transfer_ns())
    std::printf(
        "a cache line from one CPU to the other: %.0f ns; a request may complete on another than "
        "it began\n",
        *line);
  // The clocks count in full what a CPU does beside other work: what a request costs the host is
  // what the load says.
  report("one 4 KiB direct read of a loop disk", variants, kMostPerRequestNs);
  return report_load(empty, {{"the clock", clock}}, usual, stretch, kRequestPlacements,
                     kMostPerRequestNs);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // what was found is seen as it is
  try {
    const source::Host host = live_host();
    need_rights(host);
    return (what == "switch" ? context_switch(host) : block_request(host)) ? 0 : kMissed;
  } catch (const Lacking& lacking) {
    std::cout << "SKIPPED: " << lacking.what() << '\n';
    return kSkipped;
  } catch (const std::exception& failure) {
    std::cout << "FAILED: " << failure.what() << '\n';
    return kMissed;
  }
}
