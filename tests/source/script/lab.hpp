// A supervisor with real scripts in a real sandbox, and what they leave behind. Root only.
#pragma once
#include <dirent.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "source/script/spawn.hpp"
#include "source/script/supervisor.hpp"

namespace hostmeter::test {

using namespace source::script;

inline std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// False, said aloud, without the rights that sandboxing takes.
inline bool can_sandbox() {
  if (::geteuid() == 0 && !try_namespaces(CLONE_NEWPID | CLONE_NEWNS)) return true;
  std::puts("SKIPPED: needs root, with the rights of the host's root");
  return false;
}

// How many times slower than others this machine may be, as an emulated one is told.
inline std::uint64_t patience() {
  const char* const told = std::getenv("HOSTMETER_TEST_PATIENCE");
  return told ? std::strtoull(told, nullptr, 10) : 1;
}

struct Outcome {
  std::optional<Started> started;
  std::optional<Refused> refused;
  std::optional<Ended> ended;
  std::string out, err;  // no more than was asked for
  bool is_clean() const { return ended && ended->exit_status == 0 && ended->signal == 0; }
};

class ScriptLab {
 public:
  explicit ScriptLab(Supervisor::Options options = {}) : name_(options.cgroup) {
    if (options.cgroup == Supervisor::Options().cgroup)
      options.cgroup = name_ = "hostmeter-test-" + std::to_string(::getpid());
    auto started = Supervisor::start(options);
    REQUIRE(started);
    supervisor_.emplace(std::move(*started));
    const auto told = hear();
    REQUIRE(told);
    REQUIRE(std::holds_alternative<Standing>(told->answer));
    features = std::get<Standing>(told->answer).features;
  }

  Supervisor& supervisor() { return *supervisor_; }
  void end() { supervisor_.reset(); }
  const std::string& cgroup() const { return name_; }

  // A shell command, with a mark by which its processes are known wherever they go.
  Run shell(const std::string& command) {
    Run run;
    run.id = ++last_;
    run.path = "/bin/sh";
    run.argv = {"sh", "-c", command};
    run.environment = {mark()};
    run.limits.wall_ns = 60'000'000'000;  // this machine may be slow, or emulated
    return run;
  }
  std::string mark() const { return "SCRIPT_LAB=" + std::to_string(::getpid()); }

  void ask(const Request& request) {
    const auto failure = supervisor_->ask(request);
    REQUIRE(!failure);
  }

  std::optional<Supervisor::Told> hear(int timeout_ms = 90'000) {
    pollfd wait{supervisor_->fd(), POLLIN, 0};
    if (::poll(&wait, 1, timeout_ms) != 1) return {};
    auto told = supervisor_->hear();
    if (!told) return {};
    return std::move(*told);
  }

  // Until it has ended or is refused. Output is read until there is no more, or that many bytes.
  Outcome run(const Run& run, std::size_t most = 1U << 20) {
    ask(run);
    Outcome outcome;
    while (!outcome.ended && !outcome.refused) {
      auto told = hear();
      REQUIRE(told);
      if (const auto* started = std::get_if<Started>(&told->answer)) outcome.started = *started;
      if (told->output[0]) read_both(told->output, outcome, most);
      if (const auto* refused = std::get_if<Refused>(&told->answer)) outcome.refused = *refused;
      const auto* const ended = std::get_if<Ended>(&told->answer);
      if (!ended) continue;
      outcome.ended = *ended;
      if (!ended->printout) continue;
      outcome.out += ended->printout->bytes[0];
      outcome.err += ended->printout->bytes[1];
    }
    return outcome;
  }
  Outcome run(const std::string& command) { return run(shell(command)); }
  // One of many runs is quick enough to be told of in one answer, however slow the machine is.
  Outcome run_shortly(const std::string& command) {
    Outcome outcome = run(command);
    for (int tries = 0; tries < 50 && outcome.started; ++tries) outcome = run(command);
    REQUIRE_FALSE(outcome.started);
    return outcome;
  }

  // What is there of processes, cgroups, mounts and descriptors, ours and the supervisor's.
  std::string traces() const {
    std::ostringstream all;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string pid = entry.path().filename();
      if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
      if (contents(entry.path() / "environ").find(mark()) != std::string::npos)
        all << "process " << pid << ' ' << contents(entry.path() / "comm");
    }
    std::istringstream mounts(contents("/proc/self/mountinfo"));
    for (std::string line; std::getline(mounts, line);) {
      if (line.find("hostmeter-script") != std::string::npos) all << "mount " << line << '\n';
      std::istringstream words(line);
      std::string word, point, type;
      for (int i = 0; i < 5; ++i) words >> point;
      if (line.find(" - cgroup") == std::string::npos) continue;
      add_cgroups(std::filesystem::path(point) / name_, all);
    }
    all << count_fds("/proc/self/fd") << " descriptors of ours, "
        << count_fds("/proc/" + std::to_string(supervisor_->pid()) + "/fd")
        << " of the supervisor\n";
    return all.str();
  }

  // Whether that is what was there before, or soon will be.
  bool leaves(const std::string& before) const {
    for (int tries = 0; tries < 300; ++tries) {
      if (traces() == before) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    MESSAGE("left behind:\n" << traces() << "before:\n" << before);
    return false;
  }

  FeatureStates features;

 private:
  static void add_cgroups(const std::filesystem::path& top, std::ostream& into) {
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(top, failure))
      if (entry.is_directory()) into << "cgroup " << entry.path().string() << '\n';
  }

  static std::size_t count_fds(const std::string& path) {
    std::size_t count = 0;
    std::error_code failure;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path, failure))
      ++count;
    return count;
  }

  static void read_both(std::array<base::UniqueFd, 2>& output, Outcome& outcome, std::size_t most) {
    std::array<std::string*, 2> into{&outcome.out, &outcome.err};
    while (output[0] || output[1]) {
      std::array<pollfd, 2> waits{{{output[0].get(), POLLIN, 0}, {output[1].get(), POLLIN, 0}}};
      ::poll(waits.data(), waits.size(), 90'000);
      for (std::size_t i = 0; i < 2; ++i) {
        if (!output[i]) continue;
        std::array<char, 65536> bytes;
        const ssize_t size = ::read(output[i].get(), bytes.data(), bytes.size());
        if (size < 0 && errno == EAGAIN) continue;
        if (size > 0) into[i]->append(bytes.data(), std::size_t(size));
        if (size <= 0 || into[i]->size() >= most) output[i].reset();
      }
    }
  }

  std::string name_;
  std::optional<Supervisor> supervisor_;
  std::uint64_t last_ = 0;
};

}  // namespace hostmeter::test
