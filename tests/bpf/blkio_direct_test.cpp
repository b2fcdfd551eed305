// Direct rows of block I/O: never of two keys, never lost.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mman.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "blkio_lab.hpp"
#include "disk_load.hpp"
#include "kernel_objects.hpp"
#include "scratch_cgroup.hpp"
#include "source/bpf/mapped_array.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;
using test::kBlock;
using test::ScratchCgroup;

namespace {

// Whose direct rows are, as any process could see: by cgroup, of the hash's keys there ever were.
class DirectOwners {
 public:
  // A cgroup for each row.
  std::vector<std::uint64_t> now(std::uint32_t each) {
    const base::UniqueFd hash(test::KernelObjects::ours().map_named("blkio_rows"));
    const base::UniqueFd map(test::KernelObjects::ours().map_named("blkio_direct"));
    REQUIRE(hash);
    REQUIRE(map);
    wire_blkio_key last{}, key{};
    for (const wire_blkio_key* from = nullptr; bpf_map_get_next_key(hash.get(), from, &key) == 0;
         from = &last) {
      cgroups_[key.css] = key.cgroup_id;
      last = key;
    }
    const MappedArray<wire_blkio_direct> rows(
        map.get(), std::size_t{each} * unsigned(libbpf_num_possible_cpus()), PROT_READ);
    REQUIRE(rows);
    std::vector<std::uint64_t> owners;
    for (const wire_blkio_direct& row : rows.values())
      if (row.owner.dev != 0) owners.push_back(cgroups_.at(row.owner.css));
    return owners;
  }

 private:
  std::map<std::uint64_t, std::uint64_t> cgroups_;  // by css
};

// Keeps us and our children on one CPU.
class OneCpu {
 public:
  OneCpu() {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(::sched_getcpu(), &one);
    ::sched_setaffinity(0, sizeof one, &one);
  }
  ~OneCpu() { ::sched_setaffinity(0, sizeof before_, &before_); }
  OneCpu(const OneCpu&) = delete;

 private:
  cpu_set_t before_{};
};

}  // namespace

TEST_CASE("keys that want the same direct row are counted apart, and one after the other") {
  constexpr std::size_t kCgroups = 6;
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-direct");
  parent.enable_io();
  Options options = test::at_issue();
  options.direct_rows = 1;
  test::BlkioLab counting(options);
  const Subject above = counting.inventory.add(parent.id());
  std::uint64_t reads_of_all = 0;
  // Those of the first generation are gone when the second comes, one of which gets their row.
  for (std::uint64_t generation = 0; generation < 2; ++generation) {
    std::vector<std::unique_ptr<ScratchCgroup>> cgroups;
    std::vector<Subject> subjects;
    for (std::size_t i = 0; i < kCgroups; ++i) {
      cgroups.push_back(std::make_unique<ScratchCgroup>(parent.path(), std::to_string(i)));
      subjects.push_back(counting.inventory.add(cgroups.back()->id(), above));
    }
    for (std::uint64_t round = 1; round <= 3; ++round) {
      for (std::size_t i = 0; i < kCgroups; ++i)
        REQUIRE(test::run_inside(*cgroups[i], [&] { return file.transfer(i + 1, 2); }));
      counting.read();
      for (std::size_t i = 0; i < kCgroups; ++i) {
        CAPTURE(i);
        CHECK(counting.sum(subjects[i], CgroupBlkio::read_ops) == round * (i + 1));
        CHECK(counting.sum(subjects[i], CgroupBlkio::read_bytes) == round * (i + 1) * kBlock);
        CHECK(counting.sum(subjects[i], CgroupBlkio::write_ops) == round * 2);
        reads_of_all += i + 1;
      }
      CHECK(counting.sum(above, CgroupBlkio::read_ops) == reads_of_all);
    }
    for (std::size_t i = 0; i < kCgroups; ++i) {
      REQUIRE(cgroups[i]->remove());
      counting.inventory.remove(subjects[i]);
    }
    for (int tick = 0; tick < 3; ++tick) counting.read();
    CHECK(counting.sum(above, CgroupBlkio::read_ops) == reads_of_all);
  }
}

TEST_CASE("a cgroup has direct rows until it is gone, then others have them") {
  constexpr std::size_t kGenerations = 12, kCgroups = 20;  // many more than there is room for
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-generations");
  parent.enable_io();
  Options options = test::at_issue();
  options.direct_rows = 64;
  test::BlkioLab counting(options);
  const Subject above = counting.inventory.add(parent.id());
  DirectOwners direct;
  const auto owned_by = [&](const std::vector<std::uint64_t>& cgroups) {
    const auto owners = direct.now(options.direct_rows);
    return std::size_t(std::count_if(owners.begin(), owners.end(), [&](std::uint64_t id) {
      return std::find(cgroups.begin(), cgroups.end(), id) != cgroups.end();
    }));
  };
  for (std::size_t generation = 0; generation < kGenerations; ++generation) {
    std::vector<std::unique_ptr<ScratchCgroup>> cgroups;
    std::vector<Subject> subjects;
    std::vector<std::uint64_t> ids;
    for (std::size_t i = 0; i < kCgroups; ++i) {
      cgroups.push_back(std::make_unique<ScratchCgroup>(parent.path(), std::to_string(i)));
      ids.push_back(cgroups.back()->id());
      subjects.push_back(counting.inventory.add(ids.back(), above));
      REQUIRE(test::run_inside(*cgroups.back(), [&] { return file.transfer(2, 0); }));
    }
    counting.read();
    CHECK(owned_by(ids) >= kCgroups / 2);  // each CPU has its own
    for (std::size_t i = 0; i < kCgroups; ++i) {
      REQUIRE(cgroups[i]->remove());
      counting.inventory.remove(subjects[i]);
    }
    for (int tick = 0; tick < 3; ++tick) counting.read();
    CHECK(owned_by(ids) == 0);
  }
  CHECK(counting.sum(above, CgroupBlkio::read_ops) == 2 * kCgroups * kGenerations);
}

TEST_CASE("cgroups that are active get the direct rows of those that have not been for long") {
  constexpr std::size_t kCgroups = 40;  // enough to have most rows
  const OneCpu pinned;
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-pressure");
  parent.enable_io();
  Options options = test::at_issue();
  options.direct_rows = 16;
  test::BlkioLab counting(options);
  const Subject above = counting.inventory.add(parent.id());
  struct Group {
    std::vector<std::unique_ptr<ScratchCgroup>> cgroups{};
    std::vector<Subject> subjects{};
    std::uint64_t reads = 0;  // of each
  };
  Group before, after;
  const auto use = [&](Group& group) {
    for (const auto& cgroup : group.cgroups)
      REQUIRE(test::run_inside(*cgroup, [&] { return file.transfer(2, 0); }));
    group.reads += 2;
    counting.read();
  };
  DirectOwners direct;
  const auto owned = [&](const Group& group) {
    const auto owners = direct.now(options.direct_rows);
    return std::count_if(owners.begin(), owners.end(), [&](std::uint64_t id) {
      return std::any_of(group.cgroups.begin(), group.cgroups.end(),
                         [&](const auto& cgroup) { return cgroup->id() == id; });
    });
  };
  const auto check = [&](const Group& group) {
    for (const Subject& subject : group.subjects)
      CHECK(counting.sum(subject, CgroupBlkio::read_ops) == group.reads);
  };
  for (Group* group : {&before, &after})
    for (std::size_t i = 0; i < kCgroups; ++i) {
      const std::string name = (group == &before ? "before" : "after") + std::to_string(i);
      group->cgroups.push_back(std::make_unique<ScratchCgroup>(parent.path(), name));
      group->subjects.push_back(counting.inventory.add(group->cgroups.back()->id(), above));
    }
  use(before);
  REQUIRE(owned(before) >= options.direct_rows / 2);  // the others are this machine's
  for (int tick = 0; tick < 10; ++tick) counting.read();
  const auto had = owned(before);
  for (int tick = 0; tick < 4; ++tick) use(after);
  CHECK(owned(after) >= had / 2);
  check(before);
  check(after);
  // Those that lost theirs.
  for (int tick = 0; tick < 2; ++tick) use(before);
  check(before);
  check(after);
  CHECK(counting.sum(above, CgroupBlkio::read_ops) == kCgroups * (before.reads + after.reads));
  for (const Group* group : {&before, &after})
    for (std::size_t i = 0; i < kCgroups; ++i) {
      REQUIRE(group->cgroups[i]->remove());
      counting.inventory.remove(group->subjects[i]);
    }
  for (int tick = 0; tick < 3; ++tick) counting.read();
  CHECK(owned(before) + owned(after) == 0);
}

TEST_CASE("a direct row whose key was erased from the hash is back with the next event") {
  const OneCpu pinned;
  const test::DiskFile file;
  test::BlkioLab counting;
  BlkioObject& object = *counting.object;
  // Some place may be that of another cgroup of this machine.
  std::vector<std::unique_ptr<ScratchCgroup>> cgroups;
  DirectOwners direct;
  const auto has_direct_row = [&] {
    const auto owners = direct.now(Options().direct_rows);
    return std::find(owners.begin(), owners.end(), cgroups.back()->id()) != owners.end();
  };
  do {
    REQUIRE(cgroups.size() < 10);
    cgroups.push_back(std::make_unique<ScratchCgroup>(
        test::blkio_root(), "hostmeter-test-unhashed-" + std::to_string(cgroups.size())));
    REQUIRE(test::run_inside(*cgroups.back(), [&] { return file.transfer(5, 0); }));
  } while (!has_direct_row());
  const ScratchCgroup& cgroup = *cgroups.back();
  const auto ours = [&]() -> std::optional<BlkioRow> {
    const auto rows = object.grown();
    REQUIRE(rows);
    for (const BlkioRow& row : *rows)
      if (row.key.cgroup_id == cgroup.id()) return row;
    return {};
  };
  const auto row = ours();
  REQUIRE(row);
  // As if it were erased between the two looks of a program that claims a row.
  const base::UniqueFd hash(test::KernelObjects::ours().map_named("blkio_rows"));
  REQUIRE(hash);
  REQUIRE(bpf_map_delete_elem(hash.get(), &row->key) == 0);
  CHECK_FALSE(*object.row(row->key));
  REQUIRE(test::run_inside(cgroup, [&] { return file.transfer(1, 0); }));
  const auto again = ours();
  REQUIRE(again);
  CHECK(BlkioCounting::ops(again->sum) == 6);
  // Likewise, while the row is marked as told of.
  REQUIRE(test::run_inside(cgroup, [&] { return file.transfer(2, 0); }));
  REQUIRE(bpf_map_delete_elem(hash.get(), &row->key) == 0);
  CHECK_FALSE(ours());
  REQUIRE(test::run_inside(cgroup, [&] { return file.transfer(1, 0); }));
  const auto back = ours();
  REQUIRE(back);
  CHECK(BlkioCounting::ops(back->sum) == 9);
  REQUIRE(object.erase(row->key));
  CHECK_FALSE(*object.row(row->key));
  REQUIRE(test::run_inside(cgroup, [&] { return file.transfer(3, 0); }));
  CHECK(BlkioCounting::ops(ours()->sum) == 3);
}

TEST_CASE("a cgroup whose io controller is switched off and on again keeps its counts") {
  const test::DiskFile file;
  const ScratchCgroup parent(test::blkio_root(), "hostmeter-test-replaced");
  if (!std::filesystem::exists(parent.path() / "cgroup.subtree_control")) {
    MESSAGE("SKIPPED: v1 has no switch");
    return;
  }
  const ScratchCgroup cgroup(parent.path(), "one");
  test::BlkioLab counting;
  const Subject above = counting.inventory.add(parent.id());
  const Subject one = counting.inventory.add(cgroup.id(), above);
  for (std::uint64_t round = 1; round <= 3; ++round) {
    parent.enable_io();
    REQUIRE(test::run_inside(cgroup, [&] { return file.transfer(4, 0); }));
    parent.disable_io();
    REQUIRE(test::run_inside(cgroup, [&] { return file.transfer(1, 0); }));  // its parent's
    counting.read();
    CHECK(counting.sum(one, CgroupBlkio::read_ops) == 4 * round);
    CHECK(counting.sum(above, CgroupBlkio::read_ops) == 5 * round);
    CHECK(counting.rows_of(cgroup.id()) == round);
  }
  // What no longer grows is erased in the end.
  for (int tick = 0; tick < 100; ++tick) counting.read();
  CHECK(counting.rows_of(cgroup.id()) == 1);
  CHECK(counting.sum(one, CgroupBlkio::read_ops) == 12);
}
