// Walks in the running kernel: on every rung and hierarchy that it has, every field is what the
// kernel's own files say.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <thread>

#include "base/capabilities.hpp"
#include "source/bpf/rights.hpp"
#include "source/bpf/walk_object.hpp"
#include "walk_figures.hpp"
#include "walk_lab.hpp"
#include "walk_loading.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;
using source::cgroup::Hierarchy;
using test::Figure;
using namespace test::walks;
using test::WalkLab;

namespace {

constexpr int kSkipped = 77;  // meson's word for it
// An emulated machine, for which there is patience, takes ten times as long.
const bool is_emulated = std::getenv("HOSTMETER_TEST_PATIENCE") != nullptr;
const int kLooks = is_emulated ? 2 : 4;
const int kChurnWalks = is_emulated ? 30 : 100;

// A figure of a cgroup, looked at before and after each of some walks.
struct Comparison {
  unsigned exact = 0, between = 0, wrong = 0;
  std::uint64_t before = 0, walked = 0, after = 0;  // of the last that was wrong

  void note(std::uint64_t is_before, std::uint64_t is_walked, std::uint64_t is_after,
            std::uint64_t slack) {
    if (is_walked == is_before || is_walked == is_after) {
      ++exact;
    } else if (test::agrees(is_before, is_walked, is_after, slack)) {
      ++between;
    } else {
      ++wrong;
      before = is_before;
      walked = is_walked;
      after = is_after;
    }
  }
};

class Comparing {
 public:
  Comparing(const WalkLab& lab, const std::vector<Figure>& figures)
      : lab_(lab), figures_(figures), all_(lab.cgroups().size() * figures.size()) {}

  void look(WalkTable& table) {
    for (std::size_t i = 0; i < lab_.cgroups().size(); ++i) {
      const auto& cgroup = lab_.cgroups()[i];
      const test::Files before(cgroup, figures_);
      const auto rows = table.walk({~0ULL});
      REQUIRE(rows);
      const test::Files after(cgroup, figures_);
      const wire_walk_cgroup* row = find(*rows, WalkLab::id(cgroup));
      REQUIRE(row);
      for (std::size_t j = 0; j < figures_.size(); ++j)
        compare(all_[i * figures_.size() + j], figures_[j], before, *row, after);
    }
  }

  void check() const {
    Comparison sum;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      const Comparison& one = all_[i];
      const Figure& figure = figures_[i % figures_.size()];
      sum.exact += one.exact;
      sum.between += one.between;
      sum.wrong += one.wrong;
      INFO(lab_.cgroups()[i / figures_.size()].string()
           << ' ' << std::string(figure.file) << ' ' << std::string(figure.key) << ": "
           << one.before << " .. " << one.after << ", walked " << one.walked << ", right "
           << one.exact + one.between << " times");
      // Now and then it goes there and back while it is looked at.
      CHECK(one.wrong <= one.exact + one.between);
    }
    std::printf("  exact %u, between %u, neither %u\n", sum.exact, sum.between, sum.wrong);
  }

  // Fields that were there, and those of them that were not 0 everywhere.
  const std::set<int>& present() const { return present_; }
  const std::set<int>& moved() const { return moved_; }

 private:
  void compare(Comparison& one, const Figure& figure, const test::Files& before,
               const wire_walk_cgroup& row, const test::Files& after) {
    const auto walked = value(row, figure.field);
    if (!walked) return;
    present_.insert(figure.field);
    if (*walked != 0) moved_.insert(figure.field);
    const auto is_before = before.read(figure), is_after = after.read(figure);
    if (is_before && is_after)
      one.note(*is_before, test::in_unit(*walked, figure), *is_after, figure.slack);
  }

  const WalkLab& lab_;
  const std::vector<Figure>& figures_;
  std::vector<Comparison> all_;
  std::set<int> present_, moved_;
};

// What the load makes sure is not 0 wherever its field is there.
void check_moved(const Comparing& comparing) {
  for (const int field :
       {WIRE_WALK_CPU_USAGE, WIRE_WALK_CPU_PERIODS, WIRE_WALK_CPU_THROTTLED_PERIODS,
        WIRE_WALK_CPU_THROTTLED, WIRE_WALK_MEMORY_USAGE, WIRE_WALK_MEMORY_PEAK, WIRE_WALK_ANON,
        WIRE_WALK_FILE, WIRE_WALK_INACTIVE_FILE, WIRE_WALK_EVENTS_OOM_KILL, WIRE_WALK_PGFAULT,
        WIRE_WALK_PIDS, WIRE_WALK_PIDS_EVENTS_MAX, WIRE_WALK_POPULATED, WIRE_WALK_DESCENDANTS}) {
    CAPTURE(field);
    CHECK((!comparing.present().contains(field) || comparing.moved().contains(field)));
  }
}

}  // namespace

TEST_CASE("every field is what the kernel's files say, on every rung and hierarchy") {
  for (const Hierarchy& hierarchy : hierarchies().all()) {
    const WalkLab lab(hierarchy.mount.mount_point, hierarchy.mount.v2);
    ::sleep(2);
    for (const Rung rung : kRungs) {
      const auto table = load(rung, hierarchy);
      if (!table) continue;
      Comparing comparing(lab, hierarchy.mount.v2 ? test::v2_figures() : test::v1_figures());
      for (int i = 0; i < kLooks; ++i) comparing.look(*table);
      std::printf("%s, %s: %zu fields\n", hierarchy.mount.mount_point.c_str(),
                  to_string(rung).data(), comparing.present().size());
      comparing.check();
      check_moved(comparing);
    }
  }
}

TEST_CASE("a cgroup comes after the one above it, siblings by age, and nobody twice") {
  for (const Hierarchy& hierarchy : hierarchies().all()) {
    const WalkLab lab(hierarchy.mount.mount_point, hierarchy.mount.v2);
    for (const Rung rung : kRungs) {
      const auto table = load(rung, hierarchy);
      if (!table) continue;
      const auto rows = table->walk({~0ULL});
      REQUIRE(rows);
      std::map<std::uint64_t, std::uint32_t> level;
      std::map<std::uint64_t, std::uint64_t> youngest;  // below each
      for (const wire_walk_cgroup& cgroup : rows->cgroups) {
        CHECK(level.emplace(cgroup.id, cgroup.level).second);
        if (&cgroup == &rows->cgroups.front()) {
          CHECK(cgroup.parent == 0);
          CHECK(cgroup.level == 0);
          continue;
        }
        REQUIRE(level.contains(cgroup.parent));
        CHECK(cgroup.level == level[cgroup.parent] + 1);
        CHECK(cgroup.serial > youngest[cgroup.parent]);
        youngest[cgroup.parent] = cgroup.serial;
      }
      for (const auto& cgroup : lab.cgroups()) CHECK(level.contains(WalkLab::id(cgroup)));
      CHECK(rows->unseen == 0);
    }
  }
}

TEST_CASE("a walk from a directory down has what is below it and no more") {
  const WalkLab lab(any_hierarchy().mount.mount_point, any_hierarchy().mount.v2);
  Hierarchy below{any_hierarchy().mount, std::move(*base::Dir::open(lab.top().c_str()))};
  for (const Rung rung : kRungs) {
    const auto table = load(rung, below);
    if (!table) continue;
    const auto rows = table->walk({~0ULL});
    REQUIRE(rows);
    CHECK(rows->cgroups.size() == lab.cgroups().size());
    CHECK(rows->cgroups.front().id == WalkLab::id(lab.top()));
  }
}

TEST_CASE("cgroups that come and go meanwhile cost none of the others") {
  const WalkLab lab(any_hierarchy().mount.mount_point, any_hierarchy().mount.v2);
  const auto churned = [&](int i) { return lab.top() / ("churn-" + std::to_string(i)); };
  std::set<std::uint64_t> fixed;
  for (const auto& cgroup : lab.cgroups()) fixed.insert(WalkLab::id(cgroup));
  for (const Rung rung : kRungs) {
    const auto table = load(rung, any_hierarchy());
    if (!table) continue;
    std::atomic<bool> done = false;
    std::thread churn([&] {
      while (!done) {
        for (int i = 0; i < 20; ++i) ::mkdir(churned(i).c_str(), 0755);
        for (int i = 0; i < 20; ++i) ::rmdir(churned(i).c_str());
      }
    });
    unsigned given_up = 0;
    for (int walk = 0; walk < kChurnWalks; ++walk) {
      const auto rows = table->walk({~0ULL});
      if (!rows) {
        CHECK(rows.error().code == EAGAIN);
        ++given_up;
        continue;
      }
      std::set<std::uint64_t> found;
      for (const wire_walk_cgroup& cgroup : rows->cgroups) {
        CHECK(found.insert(cgroup.id).second);
        CHECK((cgroup.parent == 0 || found.contains(cgroup.parent)));
      }
      for (const std::uint64_t id : fixed) CHECK(found.contains(id));
    }
    done = true;
    churn.join();
    CHECK(given_up <= 2);
    for (int i = 0; i < 20; ++i) ::rmdir(churned(i).c_str());
  }
}

TEST_CASE("cgroups beyond the bound are counted, the first are there") {
  const WalkLab lab(any_hierarchy().mount.mount_point, any_hierarchy().mount.v2);
  for (const Rung rung : kRungs) {
    const auto whole = load(rung, any_hierarchy());
    Options options;
    options.max_cgroups = 3;
    const auto table = load(rung, any_hierarchy(), options);
    if (!table || !whole) continue;
    const auto all = whole->walk({~0ULL});
    const auto rows = table->walk({~0ULL});
    REQUIRE(all);
    REQUIRE(rows);
    REQUIRE_FALSE(rows->cgroups.empty());
    CHECK(rows->cgroups.front().level == 0);
    if (rung == Rung::stepper) {
      // Those that the kernel has not let go of yet take steps, too.
      CHECK(rows->cgroups.size() <= 3);
      CHECK(rows->unseen != 0);
    } else {
      CHECK(rows->cgroups.size() == 3);
      CHECK(rows->unseen == all->cgroups.size() - 3);
    }
  }
}

TEST_CASE("nothing is left in the kernel or with us") {
  // Programs, maps and links are ours by a descriptor or a mapping.
  const auto held = [] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
      count += entry.exists() || true;
    const std::string maps = test::slurp("/proc/self/maps");
    for (std::size_t at = 0; (at = maps.find("bpf", at)) != std::string::npos; ++at) ++count;
    return count;
  };
  const std::size_t before = held();
  for (int i = 0; i < 3; ++i)
    for (const Hierarchy& hierarchy : hierarchies().all()) {
      const auto table = load_walk(live_host(), hierarchy, {});
      REQUIRE(table);
      REQUIRE((*table)->walk({~0ULL}));
      CHECK(held() > before);
    }
  CHECK(held() == before);
}

TEST_CASE("without the right to load, the reason is told") {
  std::thread([] {
    REQUIRE_FALSE(base::lock());
    const auto table = load_walk(live_host(), any_hierarchy(), {});
    REQUIRE_FALSE(table);
    CHECK(table.error().code == EPERM);
  }).join();
}

TEST_CASE("CAP_BPF and CAP_PERFMON are enough, raised only where they are needed") {
  std::thread([] {
    REQUIRE_FALSE(base::lock({CAP_BPF, CAP_PERFMON, CAP_SYS_RESOURCE}));
    REQUIRE_FALSE(base::lower_all());
    for (const Hierarchy& hierarchy : hierarchies().all()) {
      const auto table = load_walk(live_host(), hierarchy, {});
      REQUIRE(table);
      CHECK((*table)->walk({~0ULL}));
    }
    CHECK(base::capabilities()->effective == base::CapabilitySet{});
  }).join();
}

TEST_CASE("a recorded host is not walked") {
  source::Host recorded;
  recorded.live = false;
  const auto table = load_walk(recorded, any_hierarchy(), {});
  REQUIRE_FALSE(table);
  CHECK(table.error().code == EOPNOTSUPP);
}

int main(int argc, char** argv) {
  if (::geteuid() != 0) {
    std::cout << "SKIPPED: needs root\n";
    return kSkipped;
  }
  if (hierarchies().all().empty()) {
    std::cout << "SKIPPED: there are no cgroup hierarchies\n";
    return kSkipped;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  return doctest::Context(argc, argv).run();
}
