#include "source/script/cgroups.hpp"

#include <signal.h>
#include <sys/wait.h>

#include "source/script/init.hpp"
#include "source/script/lab.hpp"
#include "source/script/small_file.hpp"
#include "support/forked.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

namespace {

std::string name() {
  return "hostmeter-test-" + std::to_string(::getpid());
}

Cgroups of_this_machine() {
  return Cgroups(contents("/proc/self/mountinfo"), contents("/proc/self/cgroup"), name());
}

bool can_have_cgroups(const Cgroups& cgroups) {
  const auto made = cgroups.make(1, {});
  if (made) (void)made->remove();
  if (!made || cgroups.state(Feature::processes).error != 0) {
    std::puts("SKIPPED: needs root and a cgroup filesystem with the pids controller");
    return false;
  }
  return true;
}

}  // namespace

TEST_CASE("our own cgroup is found by its controller") {
  const std::string own = "4:cpu,cpuacct:/a\n3:memory:/b:c\n1:name=systemd:/d\n0::/e\n";
  CHECK(own_path(own, "cpuacct") == "/a");
  CHECK(own_path(own, "memory") == "/b:c");
  CHECK(own_path(own, "") == "/e");
  CHECK_FALSE(own_path(own, "pids"));
  CHECK_FALSE(own_path("", ""));
}

TEST_CASE("without cgroups there are no bounds, and that is said") {
  const Cgroups none("", "", name());
  CHECK(none.state(Feature::memory).error != 0);
  CHECK(none.state(Feature::cpu).error != 0);
  const auto made = none.make(1, {});
  REQUIRE(made);
  CHECK_FALSE(made->enter(::getpid()));
  CHECK(made->remove());
  CHECK_FALSE(made->used().peak_memory_bytes);
}

TEST_CASE("what is in the cgroup of a run is bounded, counted and killed, and then it is gone") {
  const Cgroups cgroups = of_this_machine();
  if (!can_have_cgroups(cgroups)) return;
  Limits limits;
  limits.processes = 5;
  const auto made = cgroups.make(2, limits);
  REQUIRE(made);
  const pid_t child = test::forked();
  if (child == 0) {
    ::raise(SIGSTOP);
    for (int i = 0; i < 20; ++i)
      if (::fork() == 0) break;
    while (true) ::pause();
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, WUNTRACED) == child);
  CHECK_FALSE(made->enter(child));
  CHECK_FALSE(made->remove());
  ::kill(child, SIGCONT);
  for (int i = 0; i < 300 && made->used().refused_forks.value_or(0) == 0; ++i) ::usleep(10'000);
  CHECK(made->used().refused_forks.value_or(0) > 0);
  made->kill();
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  bool is_gone = false;
  for (int i = 0; i < 300 && !(is_gone = made->remove()); ++i) ::usleep(10'000);
  CHECK(is_gone);
}

TEST_CASE("leftovers are killed and removed, and those of one who lives are not touched") {
  pid_t child = -1;
  {
    const Cgroups first = of_this_machine();
    if (!can_have_cgroups(first)) return;
    const auto made = first.make(3, {});
    REQUIRE(made);
    child = ::fork();
    if (child == 0) {
      close_from(3);  // the lock, too
      ::raise(SIGSTOP);
      while (true) ::pause();
    }
    REQUIRE(::waitpid(child, nullptr, WUNTRACED) == child);
    REQUIRE_FALSE(made->enter(child));
    const Cgroups second = of_this_machine();
    CHECK(second.state(Feature::processes).error != 0);
    CHECK(::waitpid(child, nullptr, WNOHANG) == 0);
  }
  const Cgroups third = of_this_machine();
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  const auto made = third.make(3, {});
  REQUIRE(made);
  CHECK(third.make(3, {}).error().code == EEXIST);
  CHECK(made->remove());
}

TEST_CASE("a run has no more CPU than the agent itself, and is not refused for it") {
  const Cgroups cgroups = of_this_machine();
  if (!can_have_cgroups(cgroups)) return;
  std::filesystem::path top;
  std::istringstream mounts(contents("/proc/self/mountinfo"));
  for (std::string line, point; std::getline(mounts, line);) {
    if (line.find(" - cgroup ") == std::string::npos) continue;
    std::istringstream words(line);
    for (int i = 0; i < 5; ++i) words >> point;
    if (std::filesystem::exists(point + "/cpu.cfs_quota_us")) top = point + "/" + name() + "-small";
  }
  if (top.empty()) return void(std::puts("SKIPPED: needs the cpu controller of cgroup v1"));
  struct Directory {
    std::filesystem::path path;
    ~Directory() { ::rmdir(path.c_str()); }
  };
  std::filesystem::create_directories(top / "below");
  const Directory above{top}, below{top / "below"};
  REQUIRE_FALSE(write_file(AT_FDCWD, (top / "cpu.cfs_period_us").c_str(), "50000"));
  REQUIRE_FALSE(write_file(AT_FDCWD, (top / "cpu.cfs_quota_us").c_str(), "10000"));
  const Cgroups small(
      contents("/proc/self/mountinfo"),
      "1:cpu:/" + name() + "-small/below\n2:cpu,cpuacct:/" + name() + "-small/below\n", name());
  const std::string run = top / "below" / name() / "run-1";
  for (const auto& [permille, quota, period] :
       {std::array{1000U, 10'000U, 50'000U}, std::array{100U, 10'000U, 100'000U}}) {
    Limits limits;
    limits.cpu_permille = permille;
    const auto made = small.make(1, limits);
    REQUIRE(made);
    CHECK(contents(run + "/cpu.cfs_quota_us") == std::to_string(quota) + "\n");
    CHECK(contents(run + "/cpu.cfs_period_us") == std::to_string(period) + "\n");
    CHECK(made->remove());
  }
}
