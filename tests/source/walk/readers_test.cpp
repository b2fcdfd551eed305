#include "source/walk/readers.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/cgroup_cpu.hpp"
#include "hostmeter/flow/facts/cgroup_memory.hpp"
#include "support/cgroup_host.hpp"
#include "support/fake_walk.hpp"

using namespace hostmeter;
using namespace hostmeter::source;

namespace {

// A v2 host with its files, and a walk that says the same.
struct WalkedHost {
  WalkedHost()
      : made_up(std::string(test::kV2Mounts)),
        made(cgroup::make_readers(made_up.host, {.blkio_files = false})),
        walks(*made.tree, *made.hierarchies, *made.files,
              [this](std::size_t, std::uint32_t) {
                auto fake = std::make_unique<test::FakeWalk>();
                table = fake.get();
                return Result<std::unique_ptr<bpf::WalkTable>>(std::move(fake));
              },
              {.most = 1024}),  // as many as it begins with
        step(walks, *made.tree) {
    walks.add(0);
    left = walk::use_walks(walks, made, {});
    write_files("docker/a", 5'000, 4096);
    tick();  // the tree knows it now
    walk_says("/docker/a", 5'000'000, 4096);
  }
  ~WalkedHost() { made.readers.clear(); }  // they know the walks, which go first
  WalkedHost(const WalkedHost&) = delete;

  void write_files(const std::string& path, std::uint64_t usage_us, std::uint64_t memory) const {
    made_up.tree.write("cg/" + path + "/cpu.stat", "usage_usec " + std::to_string(usage_us) +
                                                       "\nuser_usec " + std::to_string(usage_us) +
                                                       "\nsystem_usec 0\n");
    made_up.tree.write("cg/" + path + "/memory.current", std::to_string(memory) + "\n");
    made_up.tree.write("cg/" + path + "/memory.stat", "anon 4096\nfile 0\ninactive_file 0\n");
  }
  void walk_says(std::string_view path, std::uint64_t usage_ns, std::uint64_t memory) {
    const std::uint64_t id = find(path)->kernfs_id[0];
    table->row(find("/")->kernfs_id[0]).level = 0;
    table->row(find("/docker")->kernfs_id[0]);
    table->set(id, WIRE_WALK_CPU_USAGE, usage_ns);
    table->set(id, WIRE_WALK_CPU_USER, usage_ns);
    table->set(id, WIRE_WALK_CPU_SYSTEM, 0);
    table->set(id, WIRE_WALK_MEMORY_USAGE, memory);
    table->set(id, WIRE_WALK_ANON, 4096);
    table->set(id, WIRE_WALK_FILE, 0);
    table->set(id, WIRE_WALK_INACTIVE_FILE, 0);
    table->set(id, WIRE_WALK_PGFAULT, 0);
    table->set(id, WIRE_WALK_PGMAJFAULT, 0);
  }
  const cgroup::Cgroup* find(std::string_view path) const {
    for (const auto* cgroup : made.tree->slots())
      if (cgroup && cgroup->path == path) return cgroup;
    return nullptr;
  }
  Subject subject(std::string_view path) const { return find(path)->subject; }

  void tick(bool resend = false) {
    out.clear();
    ++now.number;
    now.resend = resend;
    made.tree->read(now, out);
    out.clear();
    step.read(now, out);
    for (const cgroup::NamedReader& row : made.readers)
      if (row.name != "cgroup_info") row.reader->read(now, out);
  }
  Mode mode(std::string_view name) const {
    for (const cgroup::NamedReader& row : made.readers)
      if (row.name == name) return row.reader->mode();
    return Mode::off;
  }

  test::MadeUpHost made_up;
  cgroup::Readers made;
  test::FakeWalk* table = nullptr;
  walk::Walks walks;
  walk::WalkStep step;
  std::vector<std::string_view> left;
  test::Captured out;
  Tick now;
  std::vector<walk::Walks::Remark> doubts;
};

}  // namespace

TEST_CASE("readers that are not walked stay what they are") {
  WalkedHost host;
  CHECK(host.left == std::vector<std::string_view>{"cgroup_info"});
}

TEST_CASE("the first values are of files, then the walk's, and only what changed is sent") {
  WalkedHost host;
  host.tick();
  CHECK(host.mode("cgroup_cpu") == Mode::walk);
  CHECK(host.mode("cgroup_memory") == Mode::walk);
  host.tick();  // all of it once
  const Subject a = host.subject("/docker/a");
  CHECK(host.out.value(CgroupCpu::usage_ns, a) == 5'000'000);
  CHECK(host.out.value(CgroupMemory::rss, a) == 4096);
  host.tick();
  CHECK(host.out.records.empty());
  host.walk_says("/docker/a", 7'000'001, 4096);
  host.tick();
  CHECK(host.out.records.size() == 1);
  CHECK(host.out.value(CgroupCpu::usage_ns, a) == 7'000'000);
  CHECK(host.made.activity->usage_ns(a) == 7'000'000);
  CHECK(host.made.files->kept() == 0);  // all descriptors were given back
  host.tick(true);
  CHECK(host.out.value(CgroupMemory::usage, a) == 4096);
}

TEST_CASE("a group that the walk has otherwise stays with files, aloud; the others are walked") {
  WalkedHost host;
  host.walk_says("/docker/a", 5'000'000, 8192);
  for (int i = 0; i < 12; ++i) host.tick();
  CHECK(host.mode("cgroup_memory") == Mode::file);
  CHECK(host.mode("cgroup_cpu") == Mode::walk);
  const auto remarks = host.walks.take_remarks();
  REQUIRE(remarks.size() == 1);
  CHECK(remarks[0].reader == "cgroup_memory");
  CHECK(remarks[0].what.find("usage of /docker/a is 4096 in its file and 8192 in the walk") !=
        std::string::npos);
  host.made_up.tree.write("cg/docker/a/memory.current", "12288\n");
  host.tick();
  CHECK(host.out.value(CgroupMemory::usage, host.subject("/docker/a")) == 12288);
}

TEST_CASE("the root is always read from files") {
  WalkedHost host;
  host.write_files(".", 9'000, 1);
  host.tick();
  host.made_up.tree.write("cg/cpu.stat", "usage_usec 9500\nuser_usec 9500\nsystem_usec 0\n");
  host.table->set(host.find("/")->kernfs_id[0], WIRE_WALK_CPU_USAGE, 1);
  host.tick();
  host.tick(true);
  CHECK(host.out.value(CgroupCpu::usage_ns, kHost) == 9'500'000);
}

TEST_CASE("cgroups for which the walk had no room are read from files") {
  WalkedHost host;
  host.write_files("docker/b", 3'000, 8192);
  host.tick();
  host.walk_says("/docker/b", 3'000'000, 8192);
  host.tick();
  host.tick();
  REQUIRE(host.mode("cgroup_cpu") == Mode::walk);
  const Subject b = host.subject("/docker/b");
  const wire_walk_cgroup row = host.table->row(host.find("/docker/b")->kernfs_id[0]);
  host.table->remove(row.id);
  host.table->unseen = 1;
  host.write_files("docker/b", 4'000, 16384);
  host.tick();
  CHECK(host.out.value(CgroupCpu::usage_ns, b) == 4'000'000);
  CHECK(host.out.value(CgroupMemory::usage, b) == 16384);
  host.table->cgroups.push_back(row);
  host.table->unseen = 0;
  host.walk_says("/docker/b", 6'000'000, 4096);
  host.tick();
  CHECK(host.out.value(CgroupCpu::usage_ns, b) == 6'000'000);
  host.tick();
  CHECK(host.out.records.empty());
}

TEST_CASE("a walk that is lost gives way to files; what only it knew is taken back") {
  WalkedHost host;
  host.tick();
  const Subject a = host.subject("/docker/a");
  host.table->set(host.find("/docker/a")->kernfs_id[0], WIRE_WALK_THREADS, 3);
  host.tick();
  CHECK(host.mode("cgroup_pids") == Mode::file);  // no pids file was there to compare
  host.table->set(host.find("/docker/a")->kernfs_id[0], WIRE_WALK_MEMORY_PEAK, 777);
  host.tick();
  CHECK(host.out.value(CgroupMemory::peak, a) == 777);
  host.table->error = {EPERM, "walk"};
  host.tick();
  CHECK(host.out.records.empty());  // the last values stand
  for (int i = 0; i < 2; ++i) host.tick();
  CHECK(host.mode("cgroup_memory") == Mode::file);
  CHECK(host.out.value(CgroupMemory::usage, a) == 4096);
  host.tick(true);
  CHECK_FALSE(host.out.value(CgroupMemory::peak, a));
  CHECK(host.made.files->kept() > 0);
}

TEST_CASE("no counter goes back when a lost walk gives way to files") {
  WalkedHost host;
  host.tick();
  host.walk_says("/docker/a", 7'000'001, 4096);
  host.write_files("docker/a", 7'000, 4096);
  host.tick();
  const Subject a = host.subject("/docker/a");
  const auto walked = host.out.value(CgroupCpu::usage_ns, a);
  REQUIRE(walked);
  host.table->error = {EPERM, "walk"};
  for (int i = 0; i < 3; ++i) host.tick();
  REQUIRE(host.mode("cgroup_cpu") == Mode::file);
  CHECK(host.out.value(CgroupCpu::usage_ns, a) == walked);
}

TEST_CASE("a cgroup that is gone from the walk keeps its values until the tree had a look") {
  WalkedHost host;
  host.tick();
  host.tick();
  const Subject a = host.subject("/docker/a");
  host.table->remove(host.find("/docker/a")->kernfs_id[0]);
  host.tick();
  CHECK(host.out.records.empty());
  host.tick();  // it is there for the tree, and not for the walk
  const auto cpu = std::find_if(host.out.records.begin(), host.out.records.end(),
                                [](const Record& one) { return one.group == Group::cgroup_cpu; });
  REQUIRE(cpu != host.out.records.end());
  CHECK(cpu->subject == a);
  CHECK(cpu->present == 0);
}

TEST_CASE("nor is it cleared when all are looked at") {
  WalkedHost host;
  host.tick();
  host.tick();
  host.table->remove(host.find("/docker/a")->kernfs_id[0]);
  host.tick(true);
  const Subject a = host.subject("/docker/a");
  const auto cleared = [&] {
    return std::ranges::any_of(host.out.records, [&](const Record& one) {
      return one.subject == a && one.group == Group::cgroup_cpu && one.present == 0;
    });
  };
  CHECK_FALSE(cleared());
  host.tick();
  CHECK(cleared());
}

TEST_CASE("a resend that met a failed walk is made good at the next") {
  WalkedHost host;
  host.tick();
  host.tick();
  const Subject a = host.subject("/docker/a");
  host.table->error = {EAGAIN, "walk"};
  host.tick(true);
  CHECK_FALSE(host.out.value(CgroupCpu::usage_ns, a));
  host.table->error = {};
  host.tick();
  CHECK(host.out.value(CgroupCpu::usage_ns, a) == 5'000'000);
  host.tick();
  CHECK(host.out.records.empty());
}

TEST_CASE("figures are not held against a walk that failed") {
  WalkedHost host;
  host.table->error = {EAGAIN, "walk"};
  for (int i = 0; i < 12; ++i) host.tick();
  CHECK(host.mode("cgroup_cpu") == Mode::file);
  CHECK(host.walks.take_remarks().empty());
  host.table->error = {};
  host.tick();
  CHECK(host.mode("cgroup_cpu") == Mode::walk);
}

TEST_CASE("a walk that is lost before it was trusted leaves the files, aloud") {
  WalkedHost host;
  host.table->error = {EPERM, "walk"};
  for (int i = 0; i < 4; ++i) host.tick();
  const auto remarks = host.walks.take_remarks();
  CHECK(std::ranges::any_of(remarks, [](const walk::Walks::Remark& one) {
    return one.reader == "cgroup_cpu" && one.what == "the walk failed";
  }));
  for (int i = 0; i < 4; ++i) host.tick();
  CHECK(host.walks.take_remarks().empty());
}

TEST_CASE("what there is no verdict on says why") {
  WalkedHost host;
  host.walk_says("/docker/a", 5'000'000, 8192);
  host.tick();
  CHECK(host.walks.is_undecided());
  host.walks.remark_doubts();
  const auto said = [&](std::string_view reader) {
    for (const walk::Walks::Remark& one : host.doubts)
      if (one.reader == reader) return one.what;
    return std::string();
  };
  host.doubts = host.walks.take_remarks();
  CHECK(said("cgroup_memory") == "usage of /docker/a is 4096 in its file and 8192 in the walk");
  CHECK(said("cgroup_pids") == "no cgroup has a file of this group to hold the walk against");
  CHECK(said("cgroup_cpu").empty());
  for (int i = 0; i < 10; ++i) host.tick();
  CHECK_FALSE(host.walks.is_undecided());
}
