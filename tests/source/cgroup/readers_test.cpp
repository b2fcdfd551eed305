#include "source/cgroup/readers.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <new>

#include "hostmeter/flow/facts/cgroup_blkio.hpp"
#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "hostmeter/flow/facts/cgroup_pids.hpp"
#include "support/cgroup_host.hpp"
#include "support/forked.hpp"
#include "support/real_cgroups.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

namespace {

std::atomic<std::size_t> allocations{0};

struct Nowhere final : Output {
  std::size_t records = 0;
  void send(const Record&) override { ++records; }
  void send(NewsItem) override {}
};

void read_all(Readers& made, const source::Tick& tick, Output& out) {
  made.tree->read(tick, out);
  for (const NamedReader& row : made.readers) row.reader->read(tick, out);
}

// A process that waits to be ended.
class Sleeper {
 public:
  Sleeper() : pid_(test::forked()) {
    if (pid_ == 0)
      while (true) ::pause();
  }
  ~Sleeper() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  int pid() const { return pid_; }

 private:
  int pid_;
};

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

TEST_CASE("block I/O files are left out where BPF counts") {
  test::MadeUpHost host("");
  Options options;
  const std::size_t all = make_readers(host.host, options).readers.size();
  options.blkio_files = false;
  CHECK(make_readers(host.host, options).readers.size() == all - 1);
}

TEST_CASE("a host without cgroups has nothing to say and no errors") {
  test::MadeUpHost host("");
  Readers made = make_readers(host.host, {});
  test::Captured out;
  read_all(made, {}, out);
  for (const NamedReader& row : made.readers) {
    CAPTURE(row.name);
    CHECK(row.reader->read_errors() + row.reader->parse_errors() == 0);
  }
}

TEST_CASE("a steady tick allocates nothing") {
  test::CgroupHost host(test::kV2Mounts);
  for (int i = 0; i < 20; ++i) {
    const std::string top = "cg/docker/" + std::string(62, 'a') + std::to_string(10 + i);
    host.write(top + "/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\n");
    host.write(top + "/memory.current", "5\n");
    host.write(top + "/memory.stat", "anon 5\nfile 7\ninactive_file 3\n");
    host.write(top + "/pids.current", "5\n");
    host.write(top + "/io.stat", "254:0 rbytes=5 wbytes=6\n");
    host.write(top + "/io.pressure", "some total=3\nfull total=4\n");
  }
  Readers made = make_readers(host.made_up.host, {});
  Nowhere out;
  source::Tick tick;
  for (; tick.number < 40; ++tick.number) read_all(made, tick, out);
  const std::size_t before = allocations;
  for (; tick.number < 100; ++tick.number) {
    tick.resend = tick.number == 50;
    read_all(made, tick, out);
  }
  CHECK(allocations == before);
}

TEST_CASE("the figures of a real cgroup are the kernel's own") {
  test::RealCgroups real;
  if (!real.usable()) return;
  const std::string id(64, 'c');
  real.make(id);
  const Sleeper sleeper;
  real.add_process(id, sleeper.pid());
  Readers made = make_readers(real.host, {});
  test::Captured out;
  const auto hierarchy = made.hierarchies->of(Controller::cpuacct);
  REQUIRE(hierarchy);
  const auto usage = [&] {
    std::uint64_t ns = 0;
    std::ifstream(made.hierarchies->all()[*hierarchy].mount.mount_point + real.path(id) +
                  "/cpuacct.usage") >>
        ns;
    return ns;
  };
  const std::uint64_t before = usage();
  read_all(made, {}, out);
  const Cgroup* box = nullptr;
  for (const Cgroup* cgroup : made.tree->slots())
    if (cgroup && cgroup->path == real.path(id)) box = cgroup;
  REQUIRE(box);
  CHECK(box->identity.kind == CgroupKind::container);
  CHECK(made.tree->first_pid(*box) == sleeper.pid());
  if (made.hierarchies->layout() == Layout::v2) return;  // controllers may be disabled below
  CHECK(out.value(CgroupPids::current, box->subject) == 1);
  CHECK(out.value(CgroupMemory::usage, box->subject).has_value());
  CHECK(out.value(CgroupMemory::rss, box->subject).has_value());
  const auto read = out.value(CgroupCpu::usage_ns, box->subject);
  REQUIRE(read);
  CHECK(*read >= before);
  CHECK(*read <= usage());
  for (const NamedReader& row : made.readers) {
    CAPTURE(row.name);
    CHECK(row.reader->read_errors() + row.reader->parse_errors() == 0);
  }
}
