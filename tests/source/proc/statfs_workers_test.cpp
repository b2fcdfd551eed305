#include "source/proc/statfs_workers.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "base/kernel_file.hpp"
#include "hostmeter/base/text.hpp"
#include "source/proc/mountinfo.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::source::proc;
using State = StatfsWorkers::State;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

// Filesystems that answer, refuse, or hang until they are released.
class Servers {
 public:
  Result<StatfsAnswer> ask(const std::string& path) {
    std::unique_lock hold(lock_);
    ++asked_[path];
    moved_.notify_all();
    moved_.wait(hold, [&] { return !dead_.contains(path); });
    if (path == "/refused") return Error{EACCES, "statfs"};
    return StatfsAnswer{100, 50, 40, 10, 5};
  }
  void kill(const std::string& path) {
    const std::lock_guard hold(lock_);
    dead_.insert(path);
  }
  void revive() {
    const std::lock_guard hold(lock_);
    dead_.clear();
    moved_.notify_all();
  }
  int asked(const std::string& path) {
    const std::lock_guard hold(lock_);
    return asked_[path];
  }

 private:
  std::mutex lock_;
  std::condition_variable moved_;
  std::set<std::string> dead_;
  std::map<std::string, int> asked_;
};

// What the program does with it, but that the test joins in the end.
struct Program {
  Servers servers;
  StatfsWorkers workers;
  std::vector<std::thread> threads;
  std::uint64_t now = 100 * kSecond;

  explicit Program(const StatfsWorkers::Options& options = {})
      : workers(options, [this](const char* path) { return servers.ask(path); }) {}
  ~Program() {
    workers.stop();
    servers.revive();
    for (std::thread& thread : threads) thread.join();
  }
  void tick(std::uint64_t seconds) {
    now += seconds * kSecond;
    workers.tick(now);
    if (workers.start_one()) threads.emplace_back([this] { workers.run(); });
  }
  std::vector<StatfsWorkers::Seen> look() {
    std::vector<StatfsWorkers::Seen> seen;
    workers.look(seen);
    return seen;
  }
  // Time stands still; only the other threads go on.
  template <class Condition>
  bool soon(Condition&& condition) {
    for (int i = 0; i < 5000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
  bool soon_is(std::size_t mount, State state) {
    return soon([&] { return look()[mount].state == state; });
  }
};

}  // namespace

TEST_CASE("mounts answer or refuse, and are asked again after the interval only") {
  Program program;
  program.workers.set_mounts({{"/", 1}, {"/refused", 2}});
  CHECK(program.look()[0].state == State::unknown);
  program.tick(0);
  CHECK(program.soon_is(0, State::answered));
  CHECK(program.soon_is(1, State::refused));
  CHECK(program.look()[0].answer.avail == 40);
  CHECK(program.look()[1].error == EACCES);
  CHECK(program.workers.tick(program.now));
  CHECK_FALSE(program.workers.tick(program.now));

  program.tick(14);
  program.tick(1);
  CHECK(program.soon([&] { return program.servers.asked("/") == 2; }));
  CHECK(program.threads.size() == 1);
}

TEST_CASE("a hung mount is shown after the limit, the mounts behind it are still asked") {
  Program program;
  program.servers.kill("/nfs");
  program.workers.set_mounts({{"/nfs", 7}, {"/", 1}});
  program.tick(0);
  REQUIRE(program.soon([&] { return program.servers.asked("/nfs") == 1; }));
  program.tick(4);
  CHECK(program.look()[0].state == State::unknown);
  CHECK(program.look()[1].state == State::unknown);
  program.tick(1);
  CHECK(program.look()[0].state == State::hung);
  CHECK(program.workers.stuck() == 1);
  CHECK(program.threads.size() == 2);
  CHECK(program.soon_is(1, State::answered));

  // Never asked twice while it hangs; the others go on being asked.
  program.tick(20);
  CHECK(program.soon([&] { return program.servers.asked("/") == 2; }));
  CHECK(program.servers.asked("/nfs") == 1);

  program.servers.revive();
  CHECK(program.soon_is(0, State::answered));
  CHECK(program.workers.stuck() == 0);
  program.tick(20);
  CHECK(program.threads.size() == 2);
  CHECK(program.soon([&] { return program.servers.asked("/nfs") == 2; }));
}

TEST_CASE("other mounts of a hung filesystem cost no thread") {
  Program program;
  program.servers.kill("/nfs");
  program.workers.set_mounts({{"/nfs", 7}, {"/again", 7}, {"/", 1}});
  program.tick(0);
  REQUIRE(program.soon([&] { return program.servers.asked("/nfs") == 1; }));
  program.tick(5);
  CHECK(program.look()[1].state == State::hung);
  CHECK(program.soon_is(2, State::answered));
  program.tick(60);
  CHECK(program.servers.asked("/again") == 0);
}

TEST_CASE("no more threads are given up than allowed; then mounts become stale, never a lie") {
  Program program({.most_stuck = 2});
  program.workers.set_mounts({{"/", 1}});
  program.tick(0);
  REQUIRE(program.soon_is(0, State::answered));
  program.servers.kill("/a");
  program.servers.kill("/b");
  program.workers.set_mounts({{"/a", 2}, {"/b", 3}, {"/", 1}});
  CHECK(program.look()[2].state == State::answered);
  program.tick(1);
  REQUIRE(program.soon([&] { return program.servers.asked("/a") == 1; }));
  program.tick(5);
  REQUIRE(program.soon([&] { return program.servers.asked("/b") == 1; }));
  program.tick(5);
  CHECK(program.workers.stuck() == 2);
  CHECK(program.look()[1].state == State::hung);
  CHECK(program.look()[2].state == State::answered);  // its last values stay
  program.tick(60);
  CHECK(program.threads.size() == 2);
  CHECK(program.look()[2].state == State::stale);

  program.servers.revive();
  CHECK(program.soon_is(2, State::answered));
}

TEST_CASE("a mount that goes while it hangs leaves its thread behind, not its answer") {
  Program program;
  program.servers.kill("/nfs");
  program.workers.set_mounts({{"/nfs", 7}});
  program.tick(0);
  REQUIRE(program.soon([&] { return program.servers.asked("/nfs") == 1; }));
  program.workers.set_mounts({{"/", 1}});
  program.tick(5);
  CHECK(program.workers.stuck() == 1);
  CHECK(program.soon_is(0, State::answered));
  program.servers.revive();
  CHECK(program.soon([&] { return program.workers.stuck() == 0; }));
  CHECK(program.look().size() == 1);
}

TEST_CASE("another filesystem that lies at the path answers for itself, not for the mount") {
  std::optional<StatfsAnswer::Place> place;
  const auto state = [&](std::uint64_t device) {
    StatfsWorkers workers({}, [&](const char*) -> Result<StatfsAnswer> {
      workers.stop();
      return StatfsAnswer{100, 50, 40, 10, 5, place};
    });
    workers.set_mounts({{"/mnt", device}});
    workers.tick(kSecond);
    REQUIRE(workers.start_one());
    workers.run();
    std::vector<StatfsWorkers::Seen> seen;
    workers.look(seen);
    if (seen[0].state == State::refused) CHECK(seen[0].error == StatfsWorkers::kElsewhere);
    return seen[0].state;
  };
  CHECK(state(7) == State::answered);
  place = {.device = 7, .mount_id = 0};
  CHECK(state(7) == State::answered);
  CHECK(state(8) == State::refused);
  // Files of btrfs bear other numbers than their filesystem: then the mount they are of decides.
  base::Buffer buffer;
  const auto mounts = base::read_once(AT_FDCWD, "/proc/self/mountinfo", buffer);
  REQUIRE(mounts);
  const auto own = parse_mountinfo_line(mounts->substr(0, mounts->find('\n')));
  REQUIRE(own);
  place = {.device = 7, .mount_id = own->id};
  const auto real = device_of_mount(*mounts, own->id);
  REQUIRE(real);
  CHECK(state(*real) == State::answered);
  CHECK(state(*real + 1) == State::refused);
}

TEST_CASE("where a path leads is told as our own mountinfo tells it") {
  const auto root = base::Dir::open("/");
  base::Buffer buffer;
  const auto text = base::read_once(AT_FDCWD, "/proc/self/mountinfo", buffer);
  REQUIRE(text);
  std::vector<MountLine> mounts;
  for (Text rest(*text); !rest.empty();)
    if (const auto line = parse_mountinfo_line(rest.line().rest())) mounts.push_back(*line);
  drop_hidden_mounts(mounts);
  for (const MountLine& mount : mounts) {
    if (mount.mount_point != "/proc" && mount.mount_point != "/sys") continue;
    const auto answer = statfs_below(*root, std::string(mount.mount_point).c_str());
    REQUIRE(answer);
    REQUIRE(answer->place);
    CHECK(answer->place->mount_id == mount.id);
    CHECK(answer->place->device ==
          device_number(*Text::to_number(mount.major), *Text::to_number(mount.minor)));
  }
}

TEST_CASE("a real filesystem answers, a missing path says why") {
  test::Tree tree("-- mnt/ --\n");
  const auto root = base::Dir::open(tree.root().c_str());
  const auto answer = statfs_below(*root, "/mnt");
  REQUIRE(answer);
  CHECK(answer->size > 0);
  CHECK(answer->free <= answer->size);
  CHECK(answer->avail <= answer->free);
  CHECK(statfs_below(*root, "/"));
  CHECK(statfs_below(*root, "/none").error().code == ENOENT);
}
