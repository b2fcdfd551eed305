// What a walk says of the one before it, and what it leaves out.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <vector>

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
      const auto first = table->walk(~0ULL);
      REQUIRE(first);
      CHECK(first->is_rearranged);
      for (int walk = 0; walk < 5; ++walk) {
        const std::vector<wire_walk_cgroup> before(first->cgroups.begin(), first->cgroups.end());
        ::usleep(20'000);
        const auto rows = table->walk(~0ULL);
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
      CHECK(table->walk(~0ULL)->is_rearranged);
      CHECK_FALSE(table->walk(~0ULL)->is_rearranged);
      ::rmdir(added.c_str());
      CHECK(table->walk(~0ULL)->is_rearranged);
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
      const auto rows = table->walk(wanted);
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
