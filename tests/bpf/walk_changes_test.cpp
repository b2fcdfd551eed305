// What a walk says of the one before it, and what it leaves out.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scratch_cgroup.hpp"
#include "support/forked.hpp"
#include "walk_lab.hpp"
#include "walk_loading.hpp"

using namespace hostmeter;
using namespace test::walks;
using test::WalkLab;

TEST_CASE("a walk says which rows are not what the walk before said, and no others") {
  std::size_t most = 0;
  for (const Hierarchy& hierarchy : hierarchies().all()) {
    const WalkLab lab(hierarchy.mount.mount_point, hierarchy.mount.v2);
    for (const Rung rung : kRungs) {
      const auto table = load(rung, hierarchy);
      if (!table) continue;
      const auto first = table->walk({~0ULL});
      REQUIRE(first);
      CHECK(first->is_rearranged);
      for (int walk = 0; walk < 5; ++walk) {
        const std::vector<wire_walk_cgroup> before(first->cgroups.begin(), first->cgroups.end());
        ::usleep(20'000);
        const auto rows = table->walk({~0ULL});
        REQUIRE(rows);
        REQUIRE(rows->cgroups.size() == before.size());
        CHECK_FALSE(rows->is_rearranged);
        const std::set<std::uint64_t> changed(rows->changed.begin(), rows->changed.end());
        CHECK(changed.size() == rows->changed.size());
        most = std::max(most, changed.size());
        for (std::uint32_t i = 0; i < before.size(); ++i) {
          const bool is_same = before[i].present == rows->cgroups[i].present &&
                               std::equal(std::begin(before[i].value), std::end(before[i].value),
                                          std::begin(rows->cgroups[i].value));
          CHECK(is_same != changed.contains(i));
        }
      }
      const auto added = lab.top() / "added";
      ::mkdir(added.c_str(), 0755);
      CHECK(table->walk({~0ULL})->is_rearranged);
      CHECK_FALSE(table->walk({~0ULL})->is_rearranged);
      ::rmdir(added.c_str());
      CHECK(table->walk({~0ULL})->is_rearranged);
    }
  }
  CHECK(most > 3);
}

TEST_CASE("what costs and nobody wants is left out") {
  const WalkLab lab(any_hierarchy().mount.mount_point, any_hierarchy().mount.v2);
  for (const Rung rung : kRungs) {
    const auto table = load(rung, any_hierarchy());
    if (!table) continue;
    const auto top = WalkLab::id(lab.top());
    const auto has_threads = [&](std::uint64_t wanted) {
      const auto rows = table->walk({wanted});
      REQUIRE(rows);
      const wire_walk_cgroup* const row = find(*rows, top);
      REQUIRE(row);
      return value(*row, WIRE_WALK_THREADS).has_value();
    };
    CHECK(has_threads(~0ULL));
    CHECK_FALSE(has_threads(0));
    CHECK(has_threads(1ULL << WIRE_WALK_THREADS));
  }
}

namespace {

struct Still {
  const Hierarchy& hierarchy;
  std::filesystem::path cgroup;
};

// A cgroup in which nothing moves, where its number of tasks can be limited.
std::optional<Still> still_in(const WalkLab& lab, const Hierarchy& hierarchy) {
  const auto quiet = lab.top() / "quiet";
  if (!std::filesystem::exists(quiet / "pids.max")) return {};
  return Still{hierarchy, quiet};
}

// What the walk before left there, where it was nobody's turn.
std::optional<std::uint64_t> limit(const WalkRows& rows, const Still& still) {
  const wire_walk_cgroup* const row = find(rows, WalkLab::id(still.cgroup));
  return row ? value(*row, WIRE_WALK_PIDS_MAX) : std::nullopt;
}

}  // namespace

TEST_CASE("a cgroup in which all stands still is looked at whole when it has its turn") {
  unsigned looked_at = 0;
  for (const Hierarchy& hierarchy : hierarchies().all()) {
    const WalkLab lab(hierarchy.mount.mount_point, hierarchy.mount.v2);
    const auto still = still_in(lab, hierarchy);
    for (const Rung rung : kRungs) {
      const auto table = still ? load(rung, hierarchy) : nullptr;
      if (!table) continue;
      ++looked_at;
      test::set(still->cgroup / "pids.max", "70");
      const auto rows = table->walk({~0ULL});
      REQUIRE(rows);
      REQUIRE(limit(*rows, *still) == 70);
      const auto place = unsigned(find(*rows, WalkLab::id(still->cgroup)) - rows->cgroups.data());
      test::set(still->cgroup / "pids.max", "71");
      for (unsigned turn = 0; turn < kTurns; ++turn) {
        if (turn == place % kTurns) continue;
        const auto out_of_turn = table->walk({~0ULL, turn});
        REQUIRE(out_of_turn);
        CHECK(limit(*out_of_turn, *still) == 70);
      }
      const auto in_turn = table->walk({~0ULL, place % kTurns});
      REQUIRE(in_turn);
      CHECK(limit(*in_turn, *still) == 71);
      CHECK(std::ranges::count(in_turn->changed, place) == 1);

      // Not for one that wants something else than the last did.
      test::set(still->cgroup / "pids.max", "72");
      const auto other = table->walk({~1ULL, (place + 1) % kTurns});
      REQUIRE(other);
      CHECK(limit(*other, *still) == 72);
    }
  }
  if (looked_at == 0) MESSAGE("SKIPPED: no hierarchy here has pids");
}

TEST_CASE("a cgroup in which something moves is looked at whole at once") {
  unsigned looked_at = 0;
  for (const Hierarchy& hierarchy : hierarchies().all()) {
    const WalkLab lab(hierarchy.mount.mount_point, hierarchy.mount.v2);
    const auto still = still_in(lab, hierarchy);
    for (const Rung rung : kRungs) {
      const auto table = still ? load(rung, hierarchy) : nullptr;
      if (!table) continue;
      ++looked_at;
      test::set(still->cgroup / "pids.max", "70");
      const auto rows = table->walk({~0ULL});
      REQUIRE(rows);
      const auto place = unsigned(find(*rows, WalkLab::id(still->cgroup)) - rows->cgroups.data());
      const auto tasks = value(rows->cgroups[place], WIRE_WALK_PIDS);
      REQUIRE(tasks);
      test::set(still->cgroup / "pids.max", "71");
      const pid_t child = test::forked();
      if (child == 0) {
        ::pause();
        ::_exit(0);
      }
      test::set(still->cgroup / "cgroup.procs", std::to_string(child));
      const auto moved = table->walk({~0ULL, (place + 1) % kTurns});
      CHECK(moved);
      if (moved) CHECK(limit(*moved, *still) == 71);
      if (moved) CHECK(value(moved->cgroups[place], WIRE_WALK_PIDS) == *tasks + 1);
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
  }
  if (looked_at == 0) MESSAGE("SKIPPED: no hierarchy here has pids");
}

// No cgroup is made or removed meanwhile.
TEST_CASE("a controller of v2 that goes and comes back takes its figures along") {
  unsigned looked_at = 0;
  for (const Hierarchy& hierarchy : hierarchies().all()) {
    if (!hierarchy.mount.v2) continue;
    const WalkLab lab(hierarchy.mount.mount_point, hierarchy.mount.v2);
    const auto still = still_in(lab, hierarchy);
    for (const Rung rung : kRungs) {
      const auto table = still ? load(rung, hierarchy) : nullptr;
      if (!table) continue;
      ++looked_at;
      const auto has_tasks = [&] {
        const auto rows = table->walk({~0ULL, 0});
        REQUIRE(rows);
        const wire_walk_cgroup* const row = find(*rows, WalkLab::id(still->cgroup));
        REQUIRE(row);
        return value(*row, WIRE_WALK_PIDS).has_value();
      };
      const auto deep = lab.top() / "deep";
      CHECK(has_tasks());
      for (const auto& above : {deep / "er", deep, lab.top()})
        test::set(above / "cgroup.subtree_control", "-pids");
      // The kernel takes it out later.
      for (int tries = 0; tries < 500 && has_tasks(); ++tries) ::usleep(10'000);
      CHECK_FALSE(has_tasks());
      for (const auto& above : {lab.top(), deep, deep / "er"})
        test::set(above / "cgroup.subtree_control", "+pids");
      CHECK(has_tasks());
    }
  }
  if (looked_at == 0) MESSAGE("SKIPPED: v2 has no pids here");
}

TEST_CASE("one cgroup made and another removed between two walks are not mistaken for each other") {
  const WalkLab lab(any_hierarchy().mount.mount_point, any_hierarchy().mount.v2);
  for (const Rung rung : kRungs) {
    const auto table = load(rung, any_hierarchy());
    if (!table) continue;
    const auto first = lab.top() / "first", second = lab.top() / "second";
    ::mkdir(first.c_str(), 0755);
    const std::uint64_t first_id = WalkLab::id(first);
    REQUIRE(table->walk({~0ULL}));
    REQUIRE(find(*table->walk({~0ULL}), first_id));
    ::rmdir(first.c_str());
    ::mkdir(second.c_str(), 0755);
    const auto rows = table->walk({~0ULL});
    REQUIRE(rows);
    CHECK(rows->is_rearranged);
    CHECK_FALSE(find(*rows, first_id));
    CHECK(find(*rows, WalkLab::id(second)));
    ::rmdir(second.c_str());
    CHECK(table->walk({~0ULL})->cgroups.size() == rows->cgroups.size() - 1);
  }
}

namespace {

// A process that sleeps in a cgroup until the end.
class Sleeper {
 public:
  explicit Sleeper(const std::filesystem::path& cgroup) : child_(test::forked()) {
    if (child_ == 0) {
      ::pause();
      ::_exit(0);
    }
    test::set(cgroup / "cgroup.procs", std::to_string(child_));
  }
  ~Sleeper() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Sleeper(const Sleeper&) = delete;

 private:
  const pid_t child_;
};

unsigned place_of(const WalkRows& rows, const std::filesystem::path& cgroup) {
  return unsigned(find(rows, WalkLab::id(cgroup)) - rows.cgroups.data());
}

}  // namespace

TEST_CASE("while no cgroup comes or goes only what is asked for is looked at") {
  unsigned looked_at = 0;
  for (const Hierarchy& hierarchy : hierarchies().all()) {
    const WalkLab lab(hierarchy.mount.mount_point, hierarchy.mount.v2);
    const auto still = still_in(lab, hierarchy);
    const auto table = still ? load(Rung::css_iterator, hierarchy) : nullptr;
    if (!table) continue;
    ++looked_at;
    const auto other = lab.top() / "deep" / "er" / "est";
    const auto rows = table->walk({~0ULL});
    REQUIRE(rows);
    const unsigned asked = place_of(*rows, still->cgroup), left = place_of(*rows, other);
    const std::vector<std::uint32_t> only{asked | kRan};
    const auto tasks = [&](const Look& look, unsigned place) {
      const auto now = table->walk(look);
      REQUIRE(now);
      REQUIRE(now->cgroups.size() >= rows->cgroups.size());
      return *value(now->cgroups[place], WIRE_WALK_PIDS);
    };
    const unsigned turn = (left + 1) % kTurns;
    const std::uint64_t before = tasks({~0ULL}, asked);
    const Sleeper here(still->cgroup);
    std::list<Sleeper> there;
    std::uint64_t there_before = 0;
    bool is_left = false;
    for (int tries = 0; tries < 3 && !is_left; ++tries) {  // others may make a cgroup meanwhile
      there_before = tasks({~0ULL}, left);
      there.emplace_back(other);
      is_left = tasks({~0ULL, turn, &only}, left) == there_before;
    }
    CHECK(is_left);
    CHECK(tasks({~0ULL, turn, &only}, asked) == before + 1);
    CHECK(tasks({~0ULL, turn}, left) == there_before + 1);

    // Whoever is new may be anywhere.
    const Sleeper another(other);
    const test::ScratchCgroup made(hierarchy.mount.mount_point, "hostmeter-test-made");
    CHECK(tasks({~0ULL, turn, &only}, left) == there_before + 2);
  }
  if (looked_at == 0) MESSAGE("SKIPPED: no hierarchy here has pids, or no css iterator");
}

TEST_CASE(
    "whether a cgroup is frozen is looked at in its short turns, though nothing moves in it") {
  const Hierarchy* const v2 = [] {
    for (const Hierarchy& hierarchy : hierarchies().all())
      if (hierarchy.mount.v2) return &hierarchy;
    return static_cast<const Hierarchy*>(nullptr);
  }();
  if (!v2) {
    MESSAGE("SKIPPED: v2 is not mounted here");
    return;
  }
  const WalkLab lab(v2->mount.mount_point, true);
  const test::ScratchCgroup empty(lab.top(), "empty");
  const auto& quiet = empty.path();
  for (const Rung rung : kRungs) {
    const auto table = load(rung, *v2);
    if (!table) continue;
    test::set(quiet / "cgroup.freeze", "0");
    const auto rows = table->walk({~0ULL});
    REQUIRE(rows);
    const unsigned place = place_of(*rows, quiet);
    const auto is_frozen = [&](unsigned turn) {
      const auto now = table->walk({~0ULL, turn});
      REQUIRE(now);
      return value(now->cgroups[place], WIRE_WALK_FROZEN) == 1;
    };
    CHECK_FALSE(is_frozen(kTurnOfAll));
    test::set(quiet / "cgroup.freeze", "1");
    CHECK_FALSE(is_frozen((place + 1) % kTurns));
    CHECK(is_frozen((place + kShortTurns) % kTurns));
    test::set(quiet / "cgroup.freeze", "0");
    CHECK(is_frozen((place + 1) % kTurns));
    CHECK_FALSE(is_frozen(kShortTurnOfAll));
  }
}
