#include "source/bpf/walk_flush.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/made_up_host.hpp"
#include "support/tree.hpp"

using namespace hostmeter;
using source::bpf::KernelTypes;
using source::bpf::WalkFlush;

namespace {

// The files of a made-up v2 tree: no program can be attached to that.
struct Lab {
  Lab() {
    rows.push_back({});  // the root
    rows.back().id = 1;
    if (!types) MESSAGE("no BTF here: this is not tested");
  }
  void add(const std::string& name) {
    struct stat status {};
    REQUIRE(::stat((tree.root() / name).c_str(), &status) == 0);
    wire_walk_cgroup row{};
    row.id = status.st_ino;
    row.level = std::uint32_t(1 + std::ranges::count(name, '/'));
    rows.push_back(row);
  }
  void make(const std::string& name) {
    std::filesystem::create_directories(tree.root() / name);
    tree.write(name + "/cpu.stat", "usage_usec 1\n");
    add(name);
  }
  WalkFlush flush(bool v2 = true) {
    wire_walk_setup setup{};
    setup.v2 = v2;
    return WalkFlush::choose(*types, top, host.host.sys, setup);
  }

  test::Tree tree{""};
  test::MadeUpHost host{""};
  base::Dir top = std::move(*base::Dir::open(tree.root().c_str()));
  Result<KernelTypes> types = KernelTypes::load();
  std::vector<wire_walk_cgroup> rows;
};

// A process that waits for its end.
class Sleeper {
 public:
  Sleeper() : pid_(::fork()) {
    if (pid_ == 0)
      for (;;) ::pause();
  }
  ~Sleeper() { end(); }
  Sleeper(const Sleeper&) = delete;
  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, 0), nullptr, 0);
  }
  int pid() const { return pid_; }

 private:
  pid_t pid_;
};

}  // namespace

TEST_CASE("a walk that met cgroups below the root for the first time lacks what is counted there") {
  Lab lab;
  if (!lab.types) return;
  lab.make("one");
  lab.make("one/below");
  WalkFlush flush = lab.flush();
  CHECK_FALSE(flush.flush());
  CHECK(*flush.meet(lab.rows));
  CHECK_FALSE(*flush.meet(lab.rows));
  lab.make("one/other");  // summed up with the one above it
  CHECK_FALSE(*flush.meet(lab.rows));
  lab.make("two");
  CHECK(*flush.meet(lab.rows));
  CHECK_FALSE(flush.flush());
  std::filesystem::remove_all(lab.tree.root() / "two");
  CHECK_FALSE(*flush.meet(lab.rows));  // its row is of a moment ago
  lab.rows.pop_back();
  CHECK_FALSE(*flush.meet(lab.rows));
  CHECK_FALSE(flush.flush());
}

TEST_CASE("the files are read at every flush, and one that cannot be is an error") {
  Lab lab;
  if (!lab.types) return;
  Sleeper sleeper;
  std::filesystem::create_directory(lab.tree.root() / "one");
  std::filesystem::create_symlink("/proc/" + std::to_string(sleeper.pid()) + "/stat",
                                  lab.tree.root() / "one/cpu.stat");
  lab.add("one");
  WalkFlush flush = lab.flush();
  CHECK(*flush.meet(lab.rows));
  CHECK_FALSE(flush.flush());
  sleeper.end();
  const auto failure = flush.flush();
  REQUIRE(failure);
  CHECK(failure->code == ESRCH);

  std::filesystem::create_directories(lab.tree.root() / "two/cpu.stat");
  lab.add("two");
  const auto met = lab.flush().meet(lab.rows);
  REQUIRE_FALSE(met);
}

TEST_CASE("a cgroup without the file is no error, and v1's without memory has nothing to sum up") {
  Lab lab;
  if (!lab.types) return;
  std::filesystem::create_directory(lab.tree.root() / "bare");
  lab.add("bare");
  WalkFlush flush = lab.flush();
  CHECK(*flush.meet(lab.rows));
  CHECK_FALSE(flush.flush());
  WalkFlush none = lab.flush(false);
  CHECK_FALSE(*none.meet(lab.rows));
  CHECK_FALSE(none.flush());
}
