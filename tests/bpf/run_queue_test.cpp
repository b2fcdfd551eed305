// Waits for a CPU in the real kernel, against what it notes for each task itself.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <memory>
#include <vector>

#include "counting_lab.hpp"
#include "hostmeter/flow/facts/bpf_map.hpp"
#include "hostmeter/flow/facts/cgroup_run_queue.hpp"
#include "kernel_objects.hpp"
#include "scratch_cgroup.hpp"
#include "source/bpf/latency_support.hpp"
#include "source/bpf/run_queue_object.hpp"
#include "source/bpf/run_queue_reader.hpp"
#include "support/forked.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;
using test::ScratchCgroup;

namespace {

// The cpu hierarchy of v1 where there is one, else the v2 tree with pids switched on.
std::filesystem::path cpu_root() {
  for (const char* root : {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"})
    if (std::filesystem::exists(std::filesystem::path(root) / "cgroup.procs")) return root;
  const std::filesystem::path unified = "/sys/fs/cgroup";
  if (!std::filesystem::exists(unified / "cgroup.controllers")) return {};
  std::ofstream(unified / "cgroup.subtree_control") << "+pids" << std::flush;
  return unified;
}
bool is_v2() {
  return std::filesystem::exists(cpu_root() / "cgroup.controllers");
}
void enable_below(const ScratchCgroup& cgroup) {
  if (is_v2()) std::ofstream(cgroup.path() / "cgroup.subtree_control") << "+pids" << std::flush;
}

// Others may run these tests at the same time.
std::string own_name(std::string_view name) {
  return std::string(name) + "-" + std::to_string(::getpid());
}

// What the kernel notes of a task.
struct Noted {
  std::uint64_t wait_ns = 0, runs = 0;
};
Noted noted(pid_t pid) {
  std::uint64_t ran = 0;
  Noted noted;
  std::ifstream("/proc/" + std::to_string(pid) + "/schedstat") >> ran >> noted.wait_ns >>
      noted.runs;
  return noted;
}

// Tasks of one cgroup that all want the same CPU, for a while.
class Spinners {
 public:
  Spinners(const ScratchCgroup& cgroup, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) pids_.push_back(start(cgroup));
    before_ = total();
  }
  ~Spinners() {
    for (const pid_t pid : pids_) ::kill(pid, SIGKILL);
    for (const pid_t pid : pids_) ::waitpid(pid, nullptr, 0);
  }
  Spinners(const Spinners&) = delete;
  Spinners& operator=(const Spinners&) = delete;

  // What the kernel noted of them until they were in place, here and where they were started.
  const Noted& before() const { return before_; }

  // What the kernel notes of them since they are in place.
  Noted run(unsigned ms) {
    for (const pid_t pid : pids_) ::kill(pid, SIGCONT);
    ::usleep(ms * 1000);
    for (const pid_t pid : pids_) ::kill(pid, SIGSTOP);
    for (const pid_t pid : pids_) ::waitpid(pid, nullptr, WUNTRACED);
    const Noted all = total();
    return {all.wait_ns - before_.wait_ns, all.runs - before_.runs};
  }

 private:
  Noted total() const {
    Noted total;
    for (const pid_t pid : pids_) {
      const Noted one = noted(pid);
      total.wait_ns += one.wait_ns;
      total.runs += one.runs;
    }
    return total;
  }
  static pid_t start(const ScratchCgroup& cgroup) {
    const pid_t child = test::forked();
    if (child == 0) {
      cgroup.enter();
      cpu_set_t first;
      CPU_ZERO(&first);
      CPU_SET(0, &first);
      ::sched_setaffinity(0, sizeof first, &first);
      ::raise(SIGSTOP);
      for (unsigned i = 0;; ++i) {
        asm volatile("" : : "r"(i));
      }
    }
    int status = 0;
    ::waitpid(child, &status, WUNTRACED);
    return child;
  }
  std::vector<pid_t> pids_;
  Noted before_;
};

struct Waiting : test::CountingLab {
  RunQueueObject* object;
  std::unique_ptr<RunQueueReader> reader;
  std::uint64_t threshold_ns;

  explicit Waiting(std::uint64_t threshold, std::uint32_t slots = 8192) : threshold_ns(threshold) {
    Options options;
    options.run_queue_threshold_ns = threshold;
    options.run_queue_slots = slots;
    auto made = loaded(options, [&](const Options& all) {
      return RunQueueObject::load(
          host, is_v2() ? RunQueueController::pids : RunQueueController::cpu, all);
    });
    object = made.get();
    reader = std::make_unique<RunQueueReader>(host, inventory, test::FakeInventory::kHierarchy,
                                              threshold, std::move(made));
  }
  void read() { CountingLab::read(*reader); }
  template <class Field>
  std::uint64_t count(Subject subject) const {
    std::uint64_t total = 0;
    for (auto field = std::size_t(Field::first_bucket); field < std::size_t(Field::count); ++field)
      total += out.value(Field(field), subject).value_or(0);
    return total;
  }
  std::uint64_t waits(Subject subject) const {
    return threshold_ns == 0 ? count<CgroupRunQueue>(subject) : count<CgroupRunQueueLong>(subject);
  }
  std::uint64_t sum_ns(Subject subject) const {
    return (threshold_ns == 0 ? out.value(CgroupRunQueue::sum_ns, subject)
                              : out.value(CgroupRunQueueLong::sum_ns, subject))
        .value_or(0);
  }
};

// A task that is moved to the CPU while it waits is noted to run once, and waits twice; and what is
// seen and what is noted are not read in one moment. On a loaded machine one wait may be long.
void check_seen(std::uint64_t waits, std::uint64_t sum_ns, const Noted& noted) {
  REQUIRE(waits > 0);
  const std::uint64_t apart = 4 + noted.runs / 50, apart_ns = 2 * apart * (sum_ns / waits);
  CHECK(waits + apart >= noted.runs);
  CHECK(waits <= noted.runs + apart);
  CHECK(sum_ns + apart_ns >= noted.wait_ns);
  CHECK(sum_ns <= noted.wait_ns * 101 / 100 + apart_ns);
}

}  // namespace

TEST_CASE("all waits of a cgroup are those that the kernel notes of its tasks") {
  const ScratchCgroup parent(cpu_root(), own_name("hostmeter-test-waits"));
  enable_below(parent);
  const ScratchCgroup child(parent.path(), "child"), idle(parent.path(), "idle");
  Waiting waiting(0);
  const Subject above = waiting.inventory.add(parent.id());
  const Subject below = waiting.inventory.add(child.id(), above);
  const Subject none = waiting.inventory.add(idle.id(), above);
  Spinners spinners(child, 3);
  waiting.read();
  const std::uint64_t waits_before = waiting.waits(below), sum_before = waiting.sum_ns(below);
  const Noted noted = spinners.run(1500);
  waiting.read();
  const std::uint64_t waits = waiting.waits(below) - waits_before;
  const std::uint64_t sum = waiting.sum_ns(below) - sum_before;
  MESSAGE(waits << " waits, " << sum << " ns; the kernel notes " << noted.runs << " runs and "
                << noted.wait_ns << " ns of wait");
  // Three tasks on one CPU wait two thirds of the time each.
  CHECK(noted.wait_ns > 1'500'000'000);
  check_seen(waits, sum, noted);
  CHECK(waiting.sum_ns(above) == waiting.sum_ns(below));
  CHECK(waiting.waits(none) == 0);
  CHECK_FALSE(waiting.out.value(CgroupRunQueue::sum_ns, none));
  CHECK(waiting.sum_ns(kHost) >= waiting.sum_ns(above));
}

TEST_CASE("with a threshold only longer waits are seen, and a queue without any has none") {
  const ScratchCgroup busy(cpu_root(), own_name("hostmeter-test-long")),
      calm(cpu_root(), own_name("hostmeter-test-calm"));
  Waiting waiting(60'000'000'000);
  const Subject crowded = waiting.inventory.add(busy.id());
  const Subject alone = waiting.inventory.add(calm.id());
  Waiting shorter(1'000'000);
  const Subject again = shorter.inventory.add(busy.id());
  {
    Spinners spinners(busy, 3);
    shorter.read();
    const std::uint64_t waits_before = shorter.waits(again), before = shorter.sum_ns(again);
    const Noted noted = spinners.run(700);
    shorter.read();
    const std::uint64_t waits = shorter.waits(again) - waits_before;
    const std::uint64_t sum = shorter.sum_ns(again) - before;
    CHECK(waits > 0);
    CHECK(sum >= waits * 1'000'000);
    CHECK(sum <= noted.wait_ns * 101 / 100);
    CHECK(sum >= noted.wait_ns / 2);
  }
  waiting.read();
  CHECK(waiting.waits(crowded) == 0);
  CHECK(waiting.waits(alone) == 0);
}

TEST_CASE("a css id that comes back never mixes two cgroups") {
  const ScratchCgroup parent(cpu_root(), own_name("hostmeter-test-reuse"));
  enable_below(parent);
  Waiting waiting(0);
  const Subject above = waiting.inventory.add(parent.id());
  std::uint64_t total = 0;
  for (int round = 0; round < 6; ++round) {
    CAPTURE(round);
    const ScratchCgroup child(parent.path(), "round" + std::to_string(round));
    const Subject subject = waiting.inventory.add(child.id(), above);
    Noted noted;
    std::uint64_t before = 0, waits_before = 0;
    {
      Spinners spinners(child, 2);
      waiting.read();
      before = waiting.sum_ns(subject);
      waits_before = waiting.waits(subject);
      // Nothing of what the one before it had waited.
      CHECK(before <= spinners.before().wait_ns + 1'000'000);
      noted = spinners.run(150);
      waiting.read();
    }
    check_seen(waiting.waits(subject) - waits_before, waiting.sum_ns(subject) - before, noted);
    REQUIRE(child.remove());
    waiting.read();
    total += waiting.sum_ns(subject);
    waiting.inventory.remove(subject);
    waiting.read();
  }
  CHECK(waiting.sum_ns(above) >= total);
  CHECK(waiting.sum_ns(above) <= total + total / 20);
}

TEST_CASE("only rows of cgroups that waited are read, in the tick they did and once more") {
  const ScratchCgroup cgroup(cpu_root(), own_name("hostmeter-test-grown"));
  Waiting waiting(0);
  const std::uint64_t id = cgroup.id();
  const auto is_read = [&] {
    const auto rows = waiting.object->grown();
    REQUIRE(rows);
    return std::ranges::any_of(*rows,
                               [&](const RunQueueRow& row) { return row.key.cgroup_id == id; });
  };
  Spinners spinners(cgroup, 2);
  is_read(), is_read();  // their start, of which a part may have been in there
  CHECK_FALSE(is_read());
  for (int round = 0; round < 2; ++round) {
    CAPTURE(round);
    spinners.run(50);
    CHECK(is_read());
    CHECK(is_read());
    CHECK_FALSE(is_read());
    CHECK(std::ranges::any_of(*waiting.object->rows(), [&](const RunQueueRow& row) {
      return row.key.cgroup_id == id && row.sum.sum_ns > 0;
    }));
  }
}

TEST_CASE("cgroups beyond the last slot are counted, and as nobody's") {
  const ScratchCgroup parent(cpu_root(), own_name("hostmeter-test-slots"));
  enable_below(parent);
  Waiting waiting(0, 64);
  std::vector<std::unique_ptr<ScratchCgroup>> cgroups;
  for (int i = 0; i < 80; ++i)
    cgroups.push_back(std::make_unique<ScratchCgroup>(parent.path(), std::to_string(i)));
  const Subject last = waiting.inventory.add(cgroups.back()->id());
  waiting.read();
  const auto dropped = [&] {
    return waiting.out.value(BpfMap::dropped, kHost, waiting.out.instance("run_queue_rows"))
        .value_or(0);
  };
  const std::uint64_t before = dropped(), host = waiting.sum_ns(kHost);
  Noted noted;
  {
    Spinners spinners(*cgroups.back(), 2);
    noted = spinners.run(200);
    waiting.read();
  }
  CHECK(waiting.waits(last) == 0);
  CHECK(dropped() > before);
  CHECK(waiting.sum_ns(kHost) - host >= noted.wait_ns * 95 / 100);
}

TEST_CASE("an object that is gone has left nothing in the kernel") {
  test::KernelObjects objects;
  {
    const Waiting waiting(64'000);
    objects = test::KernelObjects::ours();
    CHECK(objects.count("prog_id:") == 1);
    CHECK(objects.count("map_id:") >= 3);
  }
  CHECK(objects.are_gone());
  CHECK(test::KernelObjects::ours().count("map_id:") == 0);
}

int main(int argc, char** argv) {
  std::optional<std::string_view> lacking;
  if (const auto in_kernel = hostmeter::source::bpf::run_queue_lacks(test::live_host()))
    lacking = in_kernel->what;
  else if (::geteuid() != 0 || cpu_root().empty())
    lacking = "needs root and a cgroup hierarchy";
  return test::run_unless(lacking, argc, argv);
}
