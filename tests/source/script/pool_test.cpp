#include "source/script/pool.hpp"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <memory>

#include "base/clock.hpp"
#include "source/script/init.hpp"
#include "source/script/lab.hpp"
#include "source/script/message.hpp"
#include "source/script/orphans.hpp"
#include "source/script/packets.hpp"

using namespace hostmeter;
using namespace hostmeter::test;

namespace {

// The first process of the only run.
pid_t first_process(ScriptLab& lab) {
  const auto children = children_of(lab.supervisor().pid());
  REQUIRE(children.size() == 1);
  return children[0];
}

// A process of a run's PID namespace with a parent outside that does not wait for it: until it
// does, not even SIGKILL ends the first process.
class Unkillable {
 public:
  explicit Unkillable(pid_t first) : parent_(::fork()) {
    if (parent_ == 0) {
      close_from(3);  // the socket, too
      const std::string ns = "/proc/" + std::to_string(first) + "/ns/pid";
      const base::UniqueFd fd(::open(ns.c_str(), O_RDONLY));
      if (!fd || ::setns(fd.get(), CLONE_NEWPID) != 0) ::_exit(1);
      const pid_t child = ::fork();
      if (child < 0) ::_exit(2);
      while (true) ::pause();
    }
    for (int tries = 0; tries < 1000 && children_of(parent_).empty(); ++tries) ::usleep(10'000);
    REQUIRE(children_of(parent_).size() == 1);
  }
  ~Unkillable() { let_go(); }
  Unkillable(const Unkillable&) = delete;
  void let_go() {
    if (parent_ <= 0) return;
    ::kill(parent_, SIGKILL);
    ::waitpid(parent_, nullptr, 0);
    parent_ = -1;
  }

 private:
  pid_t parent_;
};

// Where a cgroup of that name may be, in each hierarchy.
std::vector<std::filesystem::path> cgroups_of(const std::string& name) {
  std::vector<std::filesystem::path> all;
  std::istringstream mounts(contents("/proc/self/mountinfo"));
  for (std::string line, point; std::getline(mounts, line);) {
    if (line.find(" - cgroup") == std::string::npos) continue;
    std::istringstream words(line);
    for (int i = 0; i < 5; ++i) words >> point;
    if (std::filesystem::is_directory(std::filesystem::path(point) / name))
      all.push_back(std::filesystem::path(point) / name);
  }
  return all;
}

// The cgroups below that of a lab keep their parent from being removed.
struct Obstacles {
  explicit Obstacles(const std::string& lab, const std::string& run) {
    for (const auto& top : cgroups_of(lab)) {
      std::filesystem::create_directories(top / run / "obstacle");
      all.push_back(top / run / "obstacle");
    }
  }
  void remove() {
    for (const auto& one : all) ::rmdir(one.c_str());
    all.clear();
  }
  ~Obstacles() {
    for (const auto& one : all) {
      ::rmdir(one.c_str());
      ::rmdir(one.parent_path().c_str());
      ::rmdir(one.parent_path().parent_path().c_str());
    }
  }
  std::vector<std::filesystem::path> all;
};

std::uint64_t times_woken(pid_t pid) {
  std::istringstream in(contents("/proc/" + std::to_string(pid) + "/status"));
  for (std::string word; in >> word;)
    if (std::uint64_t times = 0; word == "voluntary_ctxt_switches:" && in >> times) return times;
  return 0;
}

}  // namespace

TEST_CASE("what cannot be killed gives its place to others, and holds up no end") {
  if (!can_sandbox()) return;
  Supervisor::Options options;
  options.most = 1;
  ScriptLab lab(options);
  const std::string before = lab.traces();
  Run run = lab.shell("sleep 600");
  const auto hang = [&] {
    lab.ask(run);
    REQUIRE(std::holds_alternative<Started>(lab.hear()->answer));
    return std::make_unique<Unkillable>(first_process(lab));
  };
  auto hanging = hang();
  lab.ask(Stop{run.id});
  const auto told = lab.hear();
  REQUIRE(told);
  const Ended& ended = std::get<Ended>(told->answer);
  CHECK(ended.timed_out);
  CHECK(ended.stopped);
  CHECK(lab.run("true").is_clean());
  run.id += 100;
  const Outcome again = lab.run(run);
  REQUIRE(again.refused);
  CHECK(again.refused->why == Refusal::sandbox);
  CHECK(again.refused->error == EBUSY);
  hanging->let_go();
  CHECK(lab.leaves(before));
  run.id += 100;
  hanging = hang();  // it is run again
  lab.end();
  hanging->let_go();
}

TEST_CASE("a run is told of in one answer, but for one that takes longer") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const auto reads = [](const base::UniqueFd& fd) {
    char bytes[8];
    return std::string(bytes, std::size_t(std::max<ssize_t>(::read(fd.get(), bytes, 8), 0)));
  };
  Run longer = lab.shell("echo one; sleep 600");
  lab.ask(longer);
  auto told = lab.hear();
  REQUIRE(told);
  REQUIRE(std::holds_alternative<Started>(told->answer));
  CHECK(reads(told->output[0]) == "one\n");
  lab.ask(Stop{longer.id});
  told = lab.hear();
  REQUIRE(told);
  CHECK(std::get<Ended>(told->answer).stopped);
  CHECK_FALSE(told->output[0]);
  const Outcome little = lab.run_shortly("echo two; echo hm >&2");
  CHECK(little.out == "two\n");
  CHECK(little.err == "hm\n");
  CHECK(little.ended->printout);
  // What does not fit the answer comes in its pipe.
  const std::string text = "head -c " + std::to_string(Printout::kMost) + " /dev/zero";
  CHECK(lab.run_shortly(text).ended->printout);
  const Outcome much = lab.run_shortly(text + "; echo");
  CHECK_FALSE(much.ended->printout);
  CHECK(much.out.size() == Printout::kMost + 1);
}

TEST_CASE("a whole output is printed although nobody reads it before the end") {
  if (!can_sandbox()) return;
  if (pipe_bytes(contents("/proc/sys/fs/pipe-max-size"),
                 contents("/proc/sys/fs/pipe-user-pages-soft"), 4096, 4) < 1U << 20)
    return void(std::puts("SKIPPED: pipes may not be so big here"));
  ScriptLab lab;
  Run run = lab.shell("dd if=/dev/zero bs=4096 count=256 2>/dev/null; sleep 0.1");
  run.limits.wall_ns = 20'000'000'000 * patience();
  lab.ask(run);
  auto output = lab.hear();
  REQUIRE(output);
  REQUIRE(std::holds_alternative<Started>(output->answer));
  const auto told = lab.hear();
  REQUIRE(told);
  CHECK_FALSE(std::get<Ended>(told->answer).timed_out);
  CHECK(std::get<Ended>(told->answer).exit_status == 0);
  int waiting = 0;
  REQUIRE(::ioctl(output->output[0].get(), FIONREAD, &waiting) == 0);
  CHECK(waiting == 1 << 20);
}

TEST_CASE("a first process that is killed is not the script's failure") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const std::string before = lab.traces();
  lab.ask(lab.shell("sleep 600"));
  REQUIRE(lab.hear());
  ::kill(first_process(lab), SIGKILL);
  const auto told = lab.hear();
  REQUIRE(told);
  const auto* refused = std::get_if<Refused>(&told->answer);
  REQUIRE(refused);
  CHECK(refused->why == Refusal::sandbox);
  CHECK(lab.leaves(before));
}

TEST_CASE("a cgroup that an earlier supervisor could not remove costs no run") {
  if (!can_sandbox()) return;
  std::string name;
  std::optional<Obstacles> obstacles;
  {
    ScriptLab first;
    name = first.cgroup();
    if (cgroups_of(name).empty()) return void(std::puts("SKIPPED: no cgroups here"));
    obstacles.emplace(name, "run-1");
  }
  Supervisor::Options options;
  options.cgroup = name;
  ScriptLab second(options);
  CHECK(second.run("true").is_clean());
}

TEST_CASE("a cgroup that stays is looked at ever more seldom") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  if (cgroups_of(lab.cgroup()).empty()) return void(std::puts("SKIPPED: no cgroups here"));
  const std::string before = lab.traces();
  const Run run = lab.shell("sleep 600");
  lab.ask(run);
  REQUIRE(lab.hear());
  Obstacles obstacles(lab.cgroup(), "run-1");
  lab.ask(Stop{run.id});
  REQUIRE(lab.hear());
  const std::uint64_t woken = times_woken(lab.supervisor().pid());
  std::this_thread::sleep_for(std::chrono::seconds(3));
  CHECK(times_woken(lab.supervisor().pid()) - woken < 50);
  obstacles.remove();
  CHECK(lab.leaves(before));
}

TEST_CASE("an id that is in use, and one that nobody has") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  const Run run = lab.shell("sleep 30");
  lab.ask(run);
  REQUIRE(lab.hear());
  const Outcome again = lab.run(run);
  REQUIRE(again.refused);
  CHECK(again.refused->why == Refusal::malformed);
  lab.ask(Stop{12345});
  lab.ask(Stop{run.id});
  const auto told = lab.hear();
  REQUIRE(told);
  CHECK(std::get<Ended>(told->answer).signal == SIGKILL);
}

TEST_CASE("who asks without listening is not listened to, and costs no more memory") {
  if (!can_sandbox()) return;
  ScriptLab lab;
  int asked = 0;
  std::string bytes(2000, 'x');
  for (int tries = 0; tries < 200; ++tries) {
    while (::send(lab.supervisor().fd(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) ++asked;
    ::usleep(2000);
  }
  CHECK(asked > 100);
  CHECK(asked < 20'000);
  // Nothing that was asked is without an answer.
  for (int heard = 0; heard < asked; ++heard) {
    const auto told = lab.hear();
    REQUIRE(told);
    CHECK(std::get<Refused>(told->answer).why == Refusal::malformed);
  }
  CHECK(lab.run("true").is_clean());
}

TEST_CASE("at its end nothing is left to wait for") {
  auto ends = packet_socket();
  REQUIRE(ends);
  const pid_t child = ::fork();
  if (child == 0) {
    (*ends)[0].reset();
    const base::SystemClock clock;
    const Cgroups none("", "", "none");
    Pool(std::move((*ends)[1]), {}, {}, none, clock).serve();
    ::_exit(0);
  }
  (*ends)[1].reset();
  pollfd wait{(*ends)[0].get(), POLLIN, 0};
  REQUIRE(::poll(&wait, 1, 5000) == 1);
  const auto packet = receive_packet((*ends)[0].get());
  REQUIRE(packet);
  const auto answer = decode_answer(packet->bytes);
  REQUIRE(answer);
  CHECK(std::holds_alternative<Standing>(*answer));
  (*ends)[0].reset();
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE(
    "where others of a run may outlive its first process all that it prints stays in its pipes") {
  if (!can_sandbox()) return;
  auto ends = packet_socket();
  REQUIRE(ends);
  const pid_t child = ::fork();
  if (child == 0) {
    (*ends)[0].reset();
    const base::SystemClock clock;
    const Cgroups none("", "", "none");
    Rules rules;
    for (const Feature feature : {Feature::pid_namespace, Feature::proc})
      rules.features[feature] = {EPERM, "not here"};
    if (auto filters = SeccompFilters::compile()) rules.filters = std::move(*filters);
    Pool(std::move((*ends)[1]), {}, std::move(rules), none, clock).serve();
    ::_exit(0);
  }
  (*ends)[1].reset();
  std::optional<Supervisor::Told> told;
  {
    const Supervisor supervisor = Supervisor::at(std::move((*ends)[0]));
    const auto hear = [&] {
      pollfd wait{supervisor.fd(), POLLIN, 0};
      REQUIRE(::poll(&wait, 1, 90'000) == 1);
      auto answer = supervisor.hear();
      REQUIRE(answer);
      told = std::move(*answer);
    };
    hear();
    Run run;
    run.path = "/bin/sh";
    run.argv = {"sh", "-c", "echo two"};
    bool was_short = false;  // one of many is, however slow the machine is
    for (run.id = 1; run.id <= 50 && !was_short; ++run.id) {
      REQUIRE_FALSE(supervisor.ask(run));
      hear();
      was_short = !std::holds_alternative<Started>(told->answer);
      if (!was_short) hear();
    }
  }
  const auto* const refused = std::get_if<Refused>(&told->answer);
  REQUIRE_MESSAGE(std::holds_alternative<Ended>(told->answer), (refused ? refused->what : ""));
  CHECK_FALSE(std::get<Ended>(told->answer).printout);
  REQUIRE(told->output[0]);
  char bytes[8]{};
  CHECK(::read(told->output[0].get(), bytes, sizeof bytes) == 4);
  CHECK(::waitpid(child, nullptr, 0) == child);
}
