// The real object against the real kernel and a real disk: exact to the byte, counted at issue; at
// completion, where this machine may hide some, see blkio_latency_test.cpp.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <sys/uio.h>

#include <memory>
#include <thread>
#include <vector>

#include "base/capabilities.hpp"
#include "blkio_lab.hpp"
#include "disk_load.hpp"
#include "loop_disk.hpp"
#include "scratch_cgroup.hpp"
#include "source/bpf/kernel_support.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;
using test::kBlock;
using test::ScratchCgroup;

namespace {

// In a thread of its own, which may give up its capabilities.
template <class Body>
void in_a_thread(Body body) {
  std::thread(body).join();
}

}  // namespace

TEST_CASE("bytes and operations of a cgroup and its parent are exact") {
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-exact");
  parent.enable_io();
  const ScratchCgroup child(parent.path(), "child");
  test::BlkioLab counting;
  const Subject above = counting.inventory.add(parent.id());
  const Subject below = counting.inventory.add(child.id(), above);
  const std::uint64_t child_id = child.id();

  REQUIRE(test::run_inside(child, [&] { return file.transfer(1000, 100); }));
  counting.read();
  const std::uint64_t misses = counting.map_value(BpfMap::recursion_misses);
  CAPTURE(misses);
  for (const Subject subject : {below, above}) {
    CAPTURE(subject.slot);
    CHECK(counting.sum(subject, CgroupBlkio::read_bytes) == 1000 * kBlock);
    CHECK(counting.sum(subject, CgroupBlkio::read_ops) == 1000);
    CHECK(counting.sum(subject, CgroupBlkio::write_bytes) == 100 * kBlock);
    CHECK(counting.sum(subject, CgroupBlkio::write_ops) == 100);
    CHECK(counting.sum(subject, CgroupBlkio::discard_ops) == 0);
  }
  CHECK(counting.sum(kHost, CgroupBlkio::read_bytes) >= 1000 * kBlock);
  CHECK(counting.rows_of(child_id) == 2);
  CHECK(counting.map_value(BpfMap::dropped) == 0);

  // It does more, is removed unseen, and its parent has all of it.
  REQUIRE(test::run_inside(child, [&] { return file.transfer(10, 1); }));
  REQUIRE(child.remove());
  counting.inventory.remove(below);
  counting.read();
  counting.read();
  CHECK(counting.rows_of(child_id) == 0);
  counting.read();
  CHECK(counting.sum(above, CgroupBlkio::read_bytes) == 1010 * kBlock);
  CHECK(counting.sum(above, CgroupBlkio::read_ops) == 1010);
  CHECK(counting.sum(above, CgroupBlkio::write_bytes) == 101 * kBlock);
}

TEST_CASE("a cgroup that came and went between two ticks counts for its parent") {
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-brief");
  parent.enable_io();
  test::BlkioLab counting;
  const Subject above = counting.inventory.add(parent.id());
  {
    const ScratchCgroup brief(parent.path(), "brief");
    brief.enable_io();
    const ScratchCgroup within(brief.path(), "within");
    REQUIRE(test::run_inside(within, [&] { return file.transfer(7, 3); }));
  }
  counting.read();
  CHECK(counting.sum(above, CgroupBlkio::read_bytes) == 7 * kBlock);
  CHECK(counting.sum(above, CgroupBlkio::write_ops) == 3);
}

TEST_CASE("only rows that grew are read, in the tick they did and once more") {
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-grown");
  parent.enable_io();
  test::BlkioLab counting;
  std::vector<std::unique_ptr<ScratchCgroup>> cgroups;
  for (int i = 0; i < 40; ++i) {
    cgroups.push_back(std::make_unique<ScratchCgroup>(parent.path(), std::to_string(i)));
    REQUIRE(test::run_inside(*cgroups.back(), [&] { return file.transfer(1, 0); }));
  }
  REQUIRE(counting.object->grown()->size() >= 40);  // the first reading is of all
  REQUIRE(counting.object->grown());                // what the first may have missed

  const std::uint64_t busy = cgroups.front()->id();
  const auto ops_of = [&](std::uint64_t id) -> std::optional<std::uint64_t> {
    const auto rows = counting.object->grown();
    REQUIRE(rows);
    CHECK(rows->size() < 20);  // others of this machine may do something, too
    for (const BlkioRow& row : *rows)
      if (row.key.cgroup_id == id) return BlkioCounting::ops(row.sum);
    return {};
  };
  CHECK_FALSE(ops_of(busy));
  REQUIRE(test::run_inside(*cgroups.front(), [&] { return file.transfer(5, 0); }));
  CHECK(ops_of(busy) == 6);
  CHECK(ops_of(busy) == 6);
  CHECK_FALSE(ops_of(busy));
  REQUIRE(test::run_inside(*cgroups.front(), [&] { return file.transfer(1, 0); }));
  CHECK(ops_of(busy) == 7);
}

TEST_CASE("what there was no room to tell of is read all the same") {
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-untold");
  parent.enable_io();
  Options options = test::at_issue();
  options.touched_bytes = 4096;  // room for 128 keys
  test::BlkioLab counting(options);
  std::vector<std::unique_ptr<ScratchCgroup>> cgroups;
  std::vector<Subject> subjects;
  for (int i = 0; i < 100; ++i) {
    cgroups.push_back(std::make_unique<ScratchCgroup>(parent.path(), std::to_string(i)));
    subjects.push_back(counting.inventory.add(cgroups.back()->id()));
  }
  for (std::uint64_t round = 1; round <= 3; ++round) {
    for (const auto& cgroup : cgroups)
      REQUIRE(test::run_inside(*cgroup, [&] { return file.transfer(1, 1); }));
    counting.read();
    for (const Subject subject : subjects) {
      CHECK(counting.sum(subject, CgroupBlkio::read_bytes) == round * kBlock);
      CHECK(counting.sum(subject, CgroupBlkio::write_ops) == round);
    }
  }
}

TEST_CASE(
    "discards, zeroed blocks and flushed writes go where the kernel's own counters put them") {
  const test::LoopDisk disk;
  if (!disk) {
    MESSAGE("SKIPPED: no loop devices");
    return;
  }
  const ScratchCgroup cgroup(test::blkio_root(), "hostmeter-test-operations");
  Options options = test::at_issue();
  SUBCASE("at issue") {}
  SUBCASE("at completion") {
    options.blkio_latency = true;
  }  // so few are hardly hidden
  test::BlkioLab counting(options);
  const Subject subject = counting.inventory.add(cgroup.id());
  const auto value = [&](CgroupBlkio field) { return counting.sum(subject, field); };

  const auto since = [&, writes = disk.stat(disk.writes),
                      written = disk.stat(disk.written_sectors)] {
    return std::pair(disk.stat(disk.writes) - writes,
                     (disk.stat(disk.written_sectors) - written) * 512);
  };

  REQUIRE(test::run_inside(cgroup, [&] { return disk.discard(0, 1 << 20); }));
  counting.read();
  CHECK(value(CgroupBlkio::discard_bytes) == 1 << 20);
  CHECK(value(CgroupBlkio::discard_ops) == 1);
  CHECK(value(CgroupBlkio::write_bytes) == 0);

  // Where the file below cannot, the request fails and is followed by one of plain zeroes.
  REQUIRE(test::run_inside(cgroup, [&] { return disk.zero(0, 1 << 16); }));
  counting.read();
  CHECK(value(CgroupBlkio::write_bytes) >= 1 << 16);
  CHECK(std::pair(value(CgroupBlkio::write_ops), value(CgroupBlkio::write_bytes)) == since());
  CHECK(value(CgroupBlkio::discard_ops) == 1);
  const std::uint64_t ops = value(CgroupBlkio::write_ops);
  const std::uint64_t bytes = value(CgroupBlkio::write_bytes);

  // A block that must be on the disk: one write. The flush that the kernel asks for after it moves
  // no data.
  alignas(kBlock) static std::array<char, kBlock> block{};
  REQUIRE(test::run_inside(cgroup, [&] {
    const iovec vector{block.data(), block.size()};
    return ::pwritev2(disk.fd(), &vector, 1, 0, RWF_DSYNC) == ssize_t(kBlock);
  }));
  counting.read();
  CHECK(value(CgroupBlkio::write_bytes) == bytes + kBlock);
  CHECK(value(CgroupBlkio::write_ops) == ops + 1);

  REQUIRE(test::run_inside(cgroup, [&] { return ::fsync(disk.fd()) == 0; }));
  counting.read();
  CHECK(value(CgroupBlkio::write_ops) == ops + 1);
  CHECK(value(CgroupBlkio::read_ops) == 0);
}

TEST_CASE("a full map costs those that do not fit, and says so") {
  constexpr std::size_t kRoom = 64, kTooMany = 90;
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-full");
  parent.enable_io();
  Options options = test::at_issue();
  options.max_entries = kRoom;
  test::BlkioLab counting(options);
  std::vector<std::unique_ptr<ScratchCgroup>> cgroups;
  std::vector<Subject> subjects;
  for (std::size_t i = 0; i < kTooMany; ++i) {
    cgroups.push_back(std::make_unique<ScratchCgroup>(parent.path(), std::to_string(i)));
    subjects.push_back(counting.inventory.add(cgroups.back()->id()));
    REQUIRE(test::run_inside(*cgroups.back(), [&] { return file.transfer(2, 0); }));
  }
  REQUIRE(test::run_inside(*cgroups.front(), [&] { return file.transfer(5, 0); }));
  counting.read();
  CHECK(counting.map_value(BpfMap::entries) == kRoom);
  CHECK(counting.map_value(BpfMap::max_entries) == kRoom);
  CHECK(counting.map_value(BpfMap::dropped) >= 2 * (kTooMany - kRoom));
  CHECK(counting.sum(subjects.front(), CgroupBlkio::read_bytes) == 7 * kBlock);
  std::size_t exact = 0;
  for (std::size_t i = 1; i < kTooMany; ++i) {
    const std::uint64_t read = counting.sum(subjects[i], CgroupBlkio::read_bytes);
    CHECK((read == 0 || read == 2 * kBlock));
    exact += read != 0;
  }
  CHECK(exact > kRoom / 2);

  // Room is made by those that are gone.
  for (std::size_t i = 1; i < kTooMany; ++i) {
    cgroups[i]->remove();
    counting.inventory.remove(subjects[i]);
  }
  counting.read();
  counting.read();
  CHECK(counting.map_value(BpfMap::entries) < kRoom / 2);
}

TEST_CASE("without the right to load, the reason is told and nothing else happens") {
  in_a_thread([] {
    REQUIRE_FALSE(base::lock());
    source::Host host = test::live_host();
    const test::FakeInventory inventory;
    const auto reader = make_blkio_reader(host, inventory, 0, {});
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == EPERM);
    CHECK(reader.error().what == "needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN");
  });
}

TEST_CASE("CAP_BPF and CAP_PERFMON are enough, raised only where they are needed") {
  const test::DiskFile file;
  const ScratchCgroup cgroup(test::blkio_root(), "hostmeter-test-rights");
  in_a_thread([&] {
    REQUIRE_FALSE(base::lock({CAP_BPF, CAP_PERFMON, CAP_SYS_RESOURCE}));
    REQUIRE_FALSE(base::lower_all());
    test::BlkioLab counting(Options{});
    CHECK(base::capabilities()->effective == base::CapabilitySet{});
    const Subject subject = counting.inventory.add(cgroup.id());
    REQUIRE(test::run_inside(cgroup, [&] { return file.transfer(3, 0); }));
    counting.read();
    CHECK(counting.reader->read_errors() == 0);
    CHECK(counting.sum(subject, CgroupBlkio::read_bytes) == 3 * kBlock);
    CHECK(base::capabilities()->effective == base::CapabilitySet{});
  });
}

int main(int argc, char** argv) {
  std::optional<std::string_view> lacking;
  if (const auto in_kernel = hostmeter::source::bpf::blkio_issue_lacks())
    lacking = in_kernel->what;
  else
    lacking = test::no_disk();
  return test::run_unless(lacking, argc, argv);
}
