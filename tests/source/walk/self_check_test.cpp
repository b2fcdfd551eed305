#include "source/walk/self_check.hpp"

#include <doctest/doctest.h>

#include <set>

#include "hostmeter/flow/facts/cgroup_pids.hpp"
#include "support/fake_inventory.hpp"

using namespace hostmeter;
using namespace hostmeter::source;
using namespace hostmeter::source::walk;

namespace {

using Check = SelfCheck<CgroupPids>;
constexpr Column<CgroupPids> kColumns[] = {{CgroupPids::current, "tasks"},
                                           {CgroupPids::events_max, "refused forks"}};

// "Files" that say what a test wants them to.
struct Files {
  std::optional<std::uint64_t> tasks = 5, refused = 0;

  Check check(const test::FakeInventory& inventory) {
    return Check(inventory, kColumns, [this](const cgroup::Inventory& of) {
      return std::make_unique<FilesReader>(*this, of);
    });
  }

 private:
  struct FilesReader final : Reader {
    FilesReader(const Files& from, const cgroup::Inventory& from_all) : files(from), of(from_all) {}
    void read(const Tick&, Output& out) override {
      for (const cgroup::Cgroup* cgroup : of.slots()) {
        if (!cgroup) continue;
        Facts<CgroupPids> facts;
        facts.set(CgroupPids::current, files.tasks);
        facts.set(CgroupPids::events_max, files.refused);
        out.send(cgroup->subject, facts);
      }
    }
    const Files& files;
    const cgroup::Inventory& of;
  };
};

Check::Walked saying(std::optional<std::uint64_t> tasks, std::optional<std::uint64_t> refused) {
  return [=](const cgroup::Cgroup&) {
    Facts<CgroupPids> facts;
    facts.set(CgroupPids::current, tasks);
    facts.set(CgroupPids::events_max, refused);
    return facts;
  };
}

}  // namespace

TEST_CASE("a figure must be between what the files said") {
  CHECK(matches(Match::exact, 5, 5, 5));
  CHECK(matches(Match::exact, 9, 7, 5));  // a gauge that fell
  CHECK_FALSE(matches(Match::exact, 5, 6, 5));
  CHECK_FALSE(matches(Match::exact, 5, 4, 6));
  CHECK(matches(Match::charged, 500'000, 460'000, 500'000));  // less what reading the file took
  CHECK_FALSE(matches(Match::charged, 500'000, 500'001, 500'000));
  CHECK_FALSE(matches(Match::charged, 500'000, 200'000, 500'000));
  CHECK(matches(Match::us, 5'000, 5'999, 5'000));
  CHECK_FALSE(matches(Match::us, 5'000, 6'000, 5'000));
  CHECK_FALSE(matches(Match::us, 5'000, 0, 5'000));
  CHECK(matches(Match::sampled, 1'000'000'000, 1'100'000'000, 1'000'000'000));
  CHECK_FALSE(matches(Match::sampled, 1'000'000'000, 1'200'000'000, 1'000'000'000));
  CHECK_FALSE(matches(Match::sampled, 1'000'000'000, 800'000'000, 1'000'000'000));
}

TEST_CASE("agreement is found at once, the root and what only the walk has aside") {
  test::FakeInventory inventory;
  Files files{.tasks = 5, .refused = std::nullopt};
  Check check = files.check(inventory);
  check.before_walk();
  CHECK(check.after_walk(saying(5, 9)) == Check::Verdict::open);  // nobody but the root yet
  inventory.add(20);
  check.before_walk();
  CHECK(check.after_walk(saying(5, 9)) == Check::Verdict::agreed);
}

TEST_CASE("what is never right is a disagreement, with all that is known of it") {
  test::FakeInventory inventory;
  inventory.add(20, kHost, "/box");
  Files files;
  Check check = files.check(inventory);
  Check::Verdict verdict = Check::Verdict::open;
  unsigned tries = 0;
  for (; verdict == Check::Verdict::open && tries < 20; ++tries) {
    check.before_walk();
    verdict = check.after_walk(saying(5, 1));
  }
  CHECK(verdict == Check::Verdict::disagreed);
  CHECK(tries == 10);
  CHECK(check.complaint() == "refused forks of /box is 0 in its file and 1 in the walk");
}

TEST_CASE("a figure that only the files have is a disagreement") {
  test::FakeInventory inventory;
  inventory.add(20, kHost, "/box");
  Files files;
  Check check = files.check(inventory);
  for (int i = 0; i < 9; ++i) {
    check.before_walk();
    CHECK(check.after_walk(saying(5, {})) == Check::Verdict::open);
  }
  check.before_walk();
  CHECK(check.after_walk(saying(5, {})) == Check::Verdict::disagreed);
  CHECK(check.complaint() == "refused forks of /box is 0 in its file and absent in the walk");
}

TEST_CASE("one walk that is right is enough for each figure") {
  test::FakeInventory inventory;
  inventory.add(20);
  Files files;
  Check check = files.check(inventory);
  check.before_walk();
  CHECK(check.after_walk(saying(4, 0)) == Check::Verdict::open);
  check.before_walk();
  files.tasks = 8;
  CHECK(check.after_walk(saying(6, 1)) == Check::Verdict::agreed);
}

TEST_CASE("a sample that is gone is chosen anew") {
  test::FakeInventory inventory;
  const Subject gone = inventory.add(20);
  Files files;
  Check check = files.check(inventory);
  check.before_walk();
  CHECK(check.after_walk(saying(4, 0)) == Check::Verdict::open);
  inventory.remove(gone);
  inventory.add(21);
  check.before_walk();
  CHECK(check.after_walk(saying(5, 0)) == Check::Verdict::agreed);
}

TEST_CASE("zeros are no agreement: other cgroups are looked at, less often, until one shows more") {
  test::FakeInventory inventory;
  for (std::uint64_t id = 20; id < 60; ++id) inventory.add(id);
  Files files{.tasks = 0, .refused = 0};
  Check check = files.check(inventory);
  std::set<std::uint32_t> seen;
  const auto step = [&](std::uint64_t tasks) {
    check.before_walk();
    return check.after_walk([&](const cgroup::Cgroup& cgroup) {
      seen.insert(cgroup.subject.slot);
      return saying(tasks, 0)(cgroup);
    });
  };
  for (int i = 0; i < 10; ++i) CHECK(step(0) == Check::Verdict::open);
  CHECK(seen.size() == 40);
  CHECK(check.has_compared());
  CHECK(check.complaint() == "all figures to hold the walk against are 0");
  seen.clear();
  for (int i = 0; i < 9; ++i) CHECK(step(0) == Check::Verdict::open);
  CHECK(seen.empty());
  files.tasks = 5;
  CHECK(step(5) == Check::Verdict::agreed);
}

TEST_CASE("cgroups in which processes live are looked at first, and others beside them") {
  test::FakeInventory inventory;
  for (std::uint64_t id = 20; id < 60; ++id) {
    const Subject subject = inventory.add(id);
    if (id == 33 || id == 47) inventory.inhabit(subject);
  }
  Files files;
  Check check = files.check(inventory);
  std::set<std::uint64_t> seen;
  check.before_walk();
  check.after_walk([&](const cgroup::Cgroup& cgroup) {
    seen.insert(cgroup.kernfs_id[test::FakeInventory::kHierarchy]);
    return saying(5, 0)(cgroup);
  });
  CHECK(seen.contains(33));
  CHECK(seen.contains(47));
  CHECK(seen.size() == 8);
}

TEST_CASE("a walk that has nothing but zeros where files have more disagrees") {
  test::FakeInventory inventory;
  inventory.add(20);
  Files files{.tasks = 0, .refused = 0};
  Check check = files.check(inventory);
  check.before_walk();
  CHECK(check.after_walk(saying(0, 0)) == Check::Verdict::open);
  files.tasks = 5;
  Check::Verdict verdict = Check::Verdict::open;
  for (int tries = 0; verdict == Check::Verdict::open && tries < 20; ++tries) {
    check.before_walk();
    verdict = check.after_walk(saying(0, 0));
  }
  CHECK(verdict == Check::Verdict::disagreed);
}
