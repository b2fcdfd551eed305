// What scripts cost: the daemon, for 100 of them every 15 s; the supervisor, for one sandboxed run
// beyond a bare fork and exec.
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "app/pump.hpp"
#include "app/runtimes.hpp"
#include "base/clock.hpp"
#include "collect/all.hpp"
#include "contract/standard.hpp"
#include "source/script/script_follower.hpp"
#include "source/script/spawn.hpp"

namespace hostmeter::bench {
namespace {

using namespace source::script;
namespace fs = std::filesystem;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr int kRuns = 100;

class Scripts {
 public:
  Scripts() {
    if (!::mkdtemp(path_.data()) || ::chmod(path_.c_str(), 0755) != 0)
      throw std::runtime_error("no directory for scripts");
  }
  ~Scripts() { fs::remove_all(path_); }
  Scripts(const Scripts&) = delete;

  // Each prints 20 series, as dash does it without another process.
  void add(int count) const {
    for (int i = 0; i < count; ++i) {
      const std::string name = "check_" + std::to_string(i), file = path_ + "/" + name + ".sh";
      std::ofstream(file) << "#!/bin/sh\necho '# TYPE " << name << " gauge'\n"
                          << "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "
                          << "echo \"" << name << "{disk=\\\"$i\\\"} $i\"; done\n";
      if (::chmod(file.c_str(), 0755) != 0) throw std::runtime_error("chmod");
    }
  }
  Plan plan() const {
    Plan plan;
    plan.run = {path_ + "/*"};
    plan.interval_ns = 15 * kSecond;
    return plan;
  }

 private:
  std::string path_ = "/var/tmp/hostmeter-bench-XXXXXX";
};

std::uint64_t ns_of(const timeval& time) {
  return std::uint64_t(time.tv_sec) * kSecond + std::uint64_t(time.tv_usec) * 1000;
}

std::uint64_t cpu_of(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  return ns_of(usage.ru_utime) + ns_of(usage.ru_stime);
}

// Of a process and all it has waited for.
std::uint64_t cpu_of_tree(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  std::uint64_t ticks = 0, sum = 0;
  for (int i = 0; i < 4; ++i) {
    fields >> ticks;
    sum += ticks;
  }
  return sum * (kSecond / std::uint64_t(::sysconf(_SC_CLK_TCK)));
}

// CPU time of the whole process, its pump included, without scripts or with them.
std::uint64_t daemon_cpu(SharedSupervisor& supervisor, const Scripts& scripts,
                         const base::Dir& root, std::uint64_t seconds) {
  const base::SystemClock clock;
  app::Channel ticks("sampler", 1024, 64);
  const app::Doorbell bell;
  app::RingOutput out(ticks, bell, clock, kSecond);
  std::vector<app::NamedSource> sources;
  sources.push_back({"scripts", std::make_unique<ScriptFollower>(
                                    std::vector<Plan>{scripts.plan()}, root, supervisor, clock,
                                    InstanceIds(1), ScriptFollower::Options())});
  app::Runtimes runtimes(std::move(sources), clock);
  store::SnapshotPool snapshots{1};
  contract::Standard contract;
  std::vector<app::Channel*> channels = runtimes.channels();
  channels.insert(channels.begin(), &ticks);
  app::Pump pump(channels, collect::all(), {.max_series = 100'000, .labels = {}}, snapshots,
                 {&contract});
  std::atomic<bool> stop{false};
  std::thread pumping([&] { pump.run(bell, stop); });
  runtimes.start(bell);
  std::uint64_t number = 0, before = 0;
  const auto tick = [&](std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) {
      Facts<TickField> mark;
      mark.set(TickField::number, ++number);
      mark.set(TickField::realtime_ns, clock.realtime_ns());
      mark.set(TickField::monotonic_ns, clock.monotonic_ns());
      out.end_tick(mark);
      ::sleep(1);
    }
  };
  tick(25);  // until all have run
  before = cpu_of(RUSAGE_SELF);
  tick(seconds);
  const std::uint64_t spent = cpu_of(RUSAGE_SELF) - before;
  runtimes.stop();
  stop.store(true);
  bell.ring();
  pumping.join();
  return spent;
}

double share(std::uint64_t spent_ns, std::uint64_t seconds) {
  return 100.0 * double(spent_ns) / double(seconds * kSecond);
}

std::uint64_t bare_runs() {
  const std::uint64_t before = cpu_of(RUSAGE_CHILDREN) + cpu_of(RUSAGE_SELF);
  for (int i = 0; i < kRuns; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::execl("/bin/true", "true", nullptr);
      ::_exit(1);
    }
    ::waitpid(child, nullptr, 0);
  }
  return (cpu_of(RUSAGE_CHILDREN) + cpu_of(RUSAGE_SELF) - before) / kRuns;
}

std::uint64_t sandboxed_runs(SharedSupervisor& supervisor) {
  const base::SystemClock clock;
  ScriptRuns runs(supervisor, clock, 1);
  if (!runs.take()) throw std::runtime_error("the supervisor is in use");
  // As few processes as bare_runs() has.
  Run run;
  run.path = "/bin/true";
  run.argv = {"true"};
  const auto once = [&] {
    runs.start(run, 1024);
    for (;;) {
      const auto over = runs.advance();
      if (!over.empty() && over[0].refused) throw std::runtime_error(over[0].refused->what);
      if (!over.empty()) return;
      std::vector<pollfd> waits;
      runs.append_to(waits);
      ::poll(waits.data(), 1, -1);  // the supervisor alone
    }
  };
  once();
  const std::uint64_t before = cpu_of_tree(supervisor.it().pid());
  for (int i = 0; i < kRuns; ++i) once();
  return (cpu_of_tree(supervisor.it().pid()) - before) / kRuns;
}

int run(std::uint64_t seconds) {
  if (::geteuid() != 0 || try_namespaces(CLONE_NEWPID | CLONE_NEWNS)) {
    std::puts("SKIP: needs root, with the rights of the host's root");
    return 77;
  }
  Supervisor::Options options;
  options.cgroup = "hostmeter-bench-" + std::to_string(::getpid());
  auto started = Supervisor::start(options);
  if (!started) throw std::runtime_error(std::string(started.error().what));
  SharedSupervisor supervisor(std::move(*started));
  const base::Dir root(std::move(*base::Dir::open("/")));

  const std::uint64_t bare = bare_runs(), sandboxed = sandboxed_runs(supervisor);
  const double beyond = double(sandboxed) / 1e6 - double(bare) / 1e6;
  std::printf("CPU of a sandboxed true: %.2f ms, of a bare fork and exec: %.2f ms\n",
              double(sandboxed) / 1e6, double(bare) / 1e6);
  std::printf("  beyond it: %.2f ms (target 5 ms)\n", beyond);

  const Scripts scripts;
  const double none = share(daemon_cpu(supervisor, scripts, root, seconds), seconds);
  scripts.add(100);
  const double all = share(daemon_cpu(supervisor, scripts, root, seconds), seconds);
  std::printf(
      "CPU of the daemon, %% of a core: %.3f with 100 scripts of 20 series every 15 s, %.3f "
      "without\n",
      all, none);
  std::printf("  for the scripts: %.3f %% (target 0.1 %%)\n", all - none);
  return beyond > 5 || all - none > 0.1 ? 1 : 0;
}

}  // namespace
}  // namespace hostmeter::bench

// scripts [SECONDS]
int main(int count, char** words) {
  return hostmeter::bench::run(count > 1 ? std::stoul(words[1]) : 60);
}
