// The real programs in the real kernel: what is told of a cgroup that ended is what its files said.
#define DOCTEST_CONFIG_IMPLEMENT
#include "hostmeter/flow/facts/life.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/capabilities.hpp"
#include "base/clock.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_life.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "life_lab.hpp"

using namespace hostmeter;
using namespace hostmeter::source;
using source::cgroup::Controller;
using test::LifeLab;

namespace {

// CPU time, not time: others may want the CPU too.
void burn(std::uint64_t ns) {
  const base::SystemClock clock;
  const std::uint64_t end = clock.thread_cpu_ns() + ns;
  while (clock.thread_cpu_ns() < end) {
  }
}

bool touch(std::size_t bytes) {
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  for (std::size_t at = 0; at < bytes; at += 4096) static_cast<volatile char*>(memory)[at] = 1;
  return true;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    ++count;
  return count;
}

// Programs and maps of our process, by what their descriptors are called.
std::size_t bpf_descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry.path(), gone);
    count += target.find("bpf") != std::string::npos;
  }
  return count;
}

}  // namespace

TEST_CASE("a cgroup that lived 50 ms between two ticks is told with its final figures") {
  LifeLab lab;
  lab.tick();
  const std::string path = lab.make("brief");
  REQUIRE(lab.run(path, [] {
    burn(30'000'000);
    return touch(8U << 20);
  }));
  const std::uint64_t usage = lab.cpu_ns(path), peak = lab.memory_peak(path);
  lab.remove(path);
  lab.tick();
  const Subject brief = lab.born(path);
  REQUIRE(brief.slot != 0);
  CHECK(lab.was_gone(brief));
  CHECK(lab.value(CgroupCpu::usage_ns, brief) / lab.cpu_unit() == usage / lab.cpu_unit());
  CHECK(usage >= 25'000'000);
  CHECK(lab.value(CgroupMemory::oom_kills, brief) == 0);
  if (peak != 0) CHECK(lab.value(CgroupMemory::peak, brief) == peak);
  CHECK(lab.value(CgroupMemory::peak, brief) >= 8U << 20);
  CHECK(lab.value(CgroupLife::exits, brief) == 1);
  const auto user = lab.value(CgroupCpu::user_ns, brief);
  const auto system = lab.value(CgroupCpu::system_ns, brief);
  CHECK(user + system == lab.value(CgroupCpu::usage_ns, brief));
}

TEST_CASE("one that a tick has seen ends with what it did since") {
  LifeLab lab;
  const std::string path = lab.make("known");
  lab.tick();
  const Subject subject = lab.born(path);
  REQUIRE(subject.slot != 0);
  REQUIRE(lab.run(path, [] {
    burn(20'000'000);
    return true;
  }));
  const std::uint64_t usage = lab.cpu_ns(path);
  lab.remove(path);
  lab.tick();
  CHECK(lab.born(path).slot == 0);
  CHECK(lab.was_gone(subject));
  CHECK(lab.value(CgroupCpu::usage_ns, subject) / lab.cpu_unit() == usage / lab.cpu_unit());
}

TEST_CASE("what removed children used is among their parent's figures, read by nobody") {
  LifeLab lab;
  lab.tick();
  const std::string parent = lab.make("parent");
  for (int round = 0; round < 3; ++round) {
    const std::string child = lab.make("parent/child");
    const std::string grandchild = lab.make("parent/child/inner");
    REQUIRE(lab.run(grandchild, [] {
      burn(20'000'000);
      return true;
    }));
    lab.remove(grandchild);
    lab.remove(child);
  }
  const std::uint64_t usage = lab.cpu_ns(parent);
  lab.remove(parent);
  lab.tick();
  const Subject subject = lab.born(parent);
  REQUIRE(subject.slot != 0);
  CHECK(usage >= 40'000'000);
  CHECK(lab.value(CgroupCpu::usage_ns, subject) / lab.cpu_unit() == usage / lab.cpu_unit());
  // Of the three under one path the last one's are left.
  const std::uint64_t last = lab.value(CgroupCpu::usage_ns, lab.born(parent + "/child"));
  CHECK(last >= 18'000'000);
  CHECK(last + 36'000'000 <= usage);
}

TEST_CASE("processes started and ended are counted exactly, threads and forks apart") {
  LifeLab lab;
  const std::string path = lab.make("processes");
  const std::string inner = lab.make("processes/inner");
  lab.tick();
  const Subject subject = lab.born(path), below = lab.born(inner);
  constexpr unsigned kPrograms = 20;
  REQUIRE(lab.run(inner, [] {
    for (unsigned i = 0; i < kPrograms; ++i) {
      const pid_t child = ::fork();
      if (child == 0) {
        ::execl("/bin/true", "true", nullptr);
        ::_exit(1);
      }
      int status = 1;
      if (::waitpid(child, &status, 0) != child || status != 0) return false;
    }
    std::thread one([] {}), other([] {});
    one.join();
    other.join();
    return true;
  }));
  lab.tick();
  for (const Subject each : {subject, below}) {
    CHECK(lab.value(CgroupLife::execs, each) == kPrograms);
    CHECK(lab.value(CgroupLife::exits, each) == kPrograms + 1);
  }
  lab.remove(inner);
  lab.tick();
  CHECK(lab.value(CgroupLife::exits, below) == kPrograms + 1);
  CHECK(lab.rows_of(lab.id(path)) == 1);
  lab.remove(path);
  lab.tick();
  CHECK(lab.rows_of(0) == 0);
}

TEST_CASE("what a full map lost is never shown as 0 or as less; what comes with room is exact") {
  LifeLab lab({.max_entries = 64});
  const std::string many = lab.make("many");
  const auto each = [&](auto&& call) {
    for (int i = 0; i < 100; ++i) call((lab.counted_directory(many) / std::to_string(i)).c_str());
  };
  each([](const char* path) { REQUIRE(::mkdir(path, 0755) == 0); });
  const std::string late = lab.make("late");
  lab.tick();
  const Subject lost = lab.born(late);
  CHECK(lab.table().health().processes_full > 0);
  const auto execute = [] {
    ::execl("/bin/true", "true", nullptr);
    return false;
  };
  REQUIRE(lab.run(late, execute));
  lab.tick();
  CHECK_FALSE(lab.out.value(CgroupLife::execs, lost));
  each([](const char* path) { REQUIRE(::rmdir(path) == 0); });
  REQUIRE(lab.run(late, execute));
  const std::string fresh = lab.make("fresh");
  REQUIRE(lab.run(fresh, execute));
  lab.tick();
  const Subject counted = lab.born(fresh);
  CHECK_FALSE(lab.out.value(CgroupLife::execs, lost));
  CHECK(lab.value(CgroupLife::execs, counted) == 1);
  lab.remove(late);
  lab.remove(fresh);
  lab.tick();
  CHECK_FALSE(lab.out.value(CgroupLife::execs, lost));
  CHECK(lab.value(CgroupLife::execs, counted) == 1);
}

TEST_CASE("an OOM kill is told with its container, its name and its memory") {
  LifeLab lab;
  const std::string path = lab.make("greedy");
  if (!lab.limit_memory(path, 16U << 20)) {
    MESSAGE("SKIPPED: no memory controller");
    return;
  }
  lab.tick();
  const Subject subject = lab.born(path);
  const std::uint64_t before = lab.value(Life::oom_kills, kHost);
  CHECK_FALSE(lab.run(path, [] { return touch(64U << 20); }));
  lab.tick();
  CHECK(lab.value(Life::oom_kills, kHost) == before + 1);
  const Instance instance = lab.out.instance(lab.own_name(), subject);
  REQUIRE(instance != 0);
  CHECK(lab.out.value(CgroupOom::bytes, subject, instance).value_or(0) > 4U << 20);
  const auto killed = lab.out.value(CgroupOom::killed_ns, subject, instance).value_or(0);
  CHECK(killed <= lab.now.realtime_ns);
  CHECK(lab.now.realtime_ns - killed < 60'000'000'000);
  lab.remove(path);
  lab.tick();
  CHECK(lab.value(CgroupMemory::oom_kills, subject) == 1);
}

TEST_CASE("ten thousand cgroups in a moment: what is dropped is counted, and nothing is left") {
  constexpr std::uint64_t kCgroups = 10'000;
  const std::size_t descriptors = open_descriptors();
  {
    LifeLab lab;
    const std::string top = lab.make("churn");
    lab.tick();
    const auto health = lab.table().health();
    for (std::uint64_t i = 0; i < kCgroups; ++i) {
      const std::filesystem::path one = lab.counted_directory(top) / std::to_string(i);
      REQUIRE(::mkdir(one.c_str(), 0755) == 0);
      REQUIRE(::rmdir(one.c_str()) == 0);
    }
    lab.tick();
    const auto after = lab.table().health();
    for (const std::size_t kind : {WIRE_LIFE_MADE, WIRE_LIFE_REMOVED}) {
      const std::uint64_t seen = after.seen[kind] - health.seen[kind];
      const std::uint64_t lost = after.no_room[kind] + after.rationed[kind];
      CHECK(seen >= kCgroups);
      CHECK(lost > 0);
      CHECK(lost < seen);
    }
    CHECK(lab.value(Life::removed_rationed, kHost) == after.rationed[WIRE_LIFE_REMOVED]);
    CHECK(lab.value(Life::malformed, kHost) == 0);
    CHECK(lab.reader->read_errors() == 0);

    // Its children's ration is spent; others' is not.
    const std::string path = lab.make("after");
    REQUIRE(lab.run(path, [] { return true; }));
    lab.remove(path);
    lab.tick();
    CHECK(lab.value(CgroupLife::exits, lab.born(path)) == 1);
    lab.remove(top);
  }
  CHECK(open_descriptors() == descriptors);
  CHECK(bpf_descriptors() == 0);
}

TEST_CASE("without the right to load, the reason is told and nothing else happens") {
  std::thread([] {
    REQUIRE_FALSE(base::lock());
    Host host = test::live_host();
    const std::uint32_t unified[] = {0};
    const auto object = bpf::LifeObject::load(host, unified, 0, {});
    REQUIRE_FALSE(object);
    CHECK(object.error().code == EPERM);
    CHECK(bpf_descriptors() == 0);
  }).join();
}

TEST_CASE("CAP_BPF and CAP_PERFMON are enough, raised only where they are needed") {
  std::thread([] {
    REQUIRE_FALSE(base::lock({CAP_BPF, CAP_PERFMON, CAP_SYS_RESOURCE}));
    REQUIRE_FALSE(base::lower_all());
    Host host = test::live_host();
    const auto hierarchies = source::cgroup::Hierarchies::discover(host);
    const auto numbers = bpf::hierarchy_numbers(host, hierarchies);
    REQUIRE(numbers);
    std::string said;  // by the verifier
    const bpf::LifeOptions options{
        .log = [&](std::string_view line) { said.append(line).append("\n"); }};
    const auto object =
        bpf::LifeObject::load(host, *numbers, *hierarchies.of(Controller::cpuacct), options);
    if (!object) {
      FAIL_CHECK(said << object.error().what);
      return;
    }
    CHECK(base::capabilities()->effective == base::CapabilitySet{});
    (*object)->drain([](std::span<const std::byte>) {});
    CHECK((*object)->processes());
    CHECK(base::capabilities()->effective == base::CapabilitySet{});
  }).join();
}

// Why this machine cannot run the tests.
std::optional<std::string> lacking() {
  if (::geteuid() != 0) return "needs root";
  Host host = test::live_host();
  const auto hierarchies = source::cgroup::Hierarchies::discover(host);
  const auto numbers = bpf::hierarchy_numbers(host, hierarchies);
  if (!numbers) return std::string(numbers.error().what);
  const auto object = bpf::LifeObject::load(host, *numbers, 0, {});
  if (!object && (object.error().code == ENOENT || object.error().code == EPERM))
    return std::string(object.error().what);
  return {};
}

int main(int argc, char** argv) {
  const std::optional<std::string> why = lacking();
  return test::run_unless(why, argc, argv);
}
