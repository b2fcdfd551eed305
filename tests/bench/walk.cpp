// What a walk over N real cgroups costs in each hierarchy, beside reading their files in the same
// run and beside a walk that only counts the cgroups.
//   walk N
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "bench/heap_calls.hpp"
#include "source/bpf/walk_object.hpp"
#include "support/real_cgroups.hpp"

namespace hostmeter::bench {
namespace {

constexpr int kSkipped = 77;
constexpr unsigned kRounds = 31;
constexpr std::array kFiles{"cpu.stat",       "cpu.pressure",          "memory.pressure",
                            "io.pressure",    "cpuacct.usage",         "cpuacct.stat",
                            "memory.current", "memory.usage_in_bytes", "memory.stat",
                            "memory.events",  "pids.current",          "io.stat"};

double cpu_now() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) * 1e9 + double(time.tv_nsec);
}

// ns of CPU time of one run, the median of some.
template <class Run>
double cost(Run run) {
  std::array<double, kRounds> costs{};
  run();
  for (double& one : costs) {
    const double start = cpu_now();
    run();
    one = cpu_now() - start;
  }
  std::ranges::nth_element(costs, costs.begin() + kRounds / 2);
  return costs[kRounds / 2];
}

std::vector<base::UniqueFd> open_files(const base::Dir& top, unsigned cgroups) {
  std::vector<base::UniqueFd> files;
  for (unsigned i = 0; i < cgroups; ++i)
    for (const char* name : kFiles) {
      base::UniqueFd file(
          ::openat(top.fd(), (std::to_string(i) + '/' + name).c_str(), O_RDONLY | O_CLOEXEC));
      if (file) files.push_back(std::move(file));
    }
  return files;
}

// How many times cheaper than the files the best rung is. Nothing: no rung, or no file to compare.
std::optional<double> measure(const source::Host& live, const source::cgroup::Hierarchy& hierarchy,
                              unsigned cgroups) {
  using namespace source::bpf;
  const auto load = [&](Rung rung, std::uint32_t room) {
    Options options;
    options.max_cgroups = room;
    return load_walk_on(rung, live, hierarchy, options);
  };
  const std::vector<base::UniqueFd> files = open_files(hierarchy.dir, cgroups);
  std::array<char, 16384> buffer;
  const double read = cost([&] {
    for (const base::UniqueFd& file : files)
      if (::pread(file.get(), buffer.data(), buffer.size(), 0) < 0) std::abort();
  });
  std::optional<double> best;
  for (const Rung rung : {Rung::css_iterator, Rung::cgroup_iterator, Rung::stepper}) {
    const auto whole = load(rung, cgroups + 8), counting = load(rung, 1);
    if (!whole || !counting) continue;
    const double walk = cost([&] {
      if (!(*whole)->walk({~0ULL})) std::abort();
    });
    const std::uint64_t before = heap_calls();
    if (!(*whole)->walk({~0ULL})) std::abort();
    const std::uint64_t heap = heap_calls() - before;
    const double empty = cost([&] {
      if (!(*counting)->walk({~0ULL})) std::abort();
    });
    std::printf(
        "%-28s %-15s %6.0f ns a cgroup, %6.0f only counted; %zu files %7.0f, %6.1f x; heap %lu\n",
        hierarchy.mount.mount_point.c_str(), to_string(rung).data(), walk / cgroups,
        empty / cgroups, files.size() / cgroups, read / cgroups, read / walk, heap);
    if (!files.empty()) best = std::max(best.value_or(0), read / walk);
  }
  return best;
}

// The hierarchy where it is the least decides.
int judge(const std::vector<double>& times_cheaper) {
  constexpr double kTimesCheaper = 10;
  if (times_cheaper.empty()) {
    std::puts("SKIPPED: no hierarchy can be walked here");
    return kSkipped;
  }
  const double least = *std::ranges::min_element(times_cheaper);
  const bool met = least >= kTimesCheaper;
  std::printf("files / walk on the best rung: %.1f or more, target at least %.0f: %s\n", least,
              kTimesCheaper, met ? "met" : "MISSED");
  return met ? 0 : 1;
}

}  // namespace
}  // namespace hostmeter::bench

int main(int argc, char** argv) {
  using namespace hostmeter;
  const unsigned cgroups = argc > 1 ? unsigned(std::atoi(argv[1])) : 1000;
  test::RealCgroups tree;
  if (!tree.usable()) return bench::kSkipped;
  for (unsigned i = 0; i < cgroups; ++i) tree.make(std::to_string(i));
  source::Host live;
  live.root = std::move(*base::Dir::open("/"));
  live.proc = std::move(*base::Dir::open("/proc"));
  live.sys = std::move(*base::Dir::open("/sys"));
  std::vector<double> times_cheaper;
  for (const auto& hierarchy : tree.hierarchies.all())
    if (const auto best = bench::measure(live, hierarchy, cgroups)) times_cheaper.push_back(*best);
  return bench::judge(times_cheaper);
}
