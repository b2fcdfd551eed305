// Births and deaths as the kernel tells them, before, after and instead of the listing.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "source/cgroup/tree.hpp"
#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

namespace {

const std::string kPath = "/docker/" + std::string(64, 'a');

// Tells what a test made up.
struct MadeUpChronicle final : Chronicle {
  std::vector<Made> next_made, now_made;
  std::vector<Removed> next_removed, now_removed;

  void take() override {
    now_made = std::exchange(next_made, {});
    now_removed = std::exchange(next_removed, {});
  }
  std::span<const Made> made() const override { return now_made; }
  std::size_t removals() const override { return now_removed.size(); }
  const Removed& removed(std::size_t index) const override { return now_removed[index]; }
};

constexpr Options kOptions{.linger_ns = 90, .max_lingering = 100};

// A host whose tree is read tick after tick, ten nanoseconds apart.
struct Told {
  explicit Told(std::string_view mounts = test::kV2Mounts, Options options = kOptions)
      : host(mounts, "-- cg/docker/ --\n-- cg/memory/docker/ --\n-- cg/cpuacct/docker/ --\n",
             options) {
    host.tree.follow(chronicle);
    tick();
  }
  void tick() {
    host.out.clear();
    host.now.number = ++host.number;
    host.now.monotonic_ns = host.number * 10;
    host.tree.read(host.now, host.out);
    owners.clear();
    for (std::size_t i = chronicle.removals(); i-- > 0;)
      owners.insert(owners.begin(), host.tree.owner_of(chronicle.removed(i), host.out));
  }
  void made(std::uint64_t id, std::uint64_t at, std::size_t hierarchy = 0) {
    chronicle.next_made.push_back({hierarchy, id, parent(hierarchy), at});
  }
  void removed(std::uint64_t id, std::uint64_t made_at, std::uint64_t at, std::size_t hierarchy = 0,
               std::string path = kPath) {
    chronicle.next_removed.push_back({hierarchy, id, parent(hierarchy), path, made_at, at});
  }
  std::uint64_t parent(std::size_t hierarchy) const {
    const auto* docker = host.find("/docker");
    return docker ? docker->kernfs_id[hierarchy] : 0;
  }
  template <class Item>
  std::vector<Subject> sent() const {
    std::vector<Subject> subjects;
    for (const NewsItem& item : host.out.news)
      if (const auto* found = std::get_if<Item>(&item)) subjects.push_back(found->subject);
    return subjects;
  }

  test::CgroupHost host;
  MadeUpChronicle chronicle;
  std::vector<std::optional<Subject>> owners;  // of the removals told in this tick
};
using Subjects = std::vector<Subject>;

}  // namespace

TEST_CASE("what is gone lingers, and its slot is not given away meanwhile") {
  Told told;
  std::filesystem::create_directories(told.host.made_up.tree.root() / ("cg" + kPath));
  told.tick();
  const Subject first = told.host.subject(kPath);
  told.host.remove("cg" + kPath);
  told.tick();
  CHECK(told.sent<Gone>() == Subjects{first});
  CHECK(told.sent<Forgotten>().empty());
  CHECK(told.host.out.value(CgroupTree::lingering) == 1);
  REQUIRE(told.host.tree.departed().size() == 1);
  CHECK(told.host.tree.departed()[0]->kernfs_id[0] != 0);
  std::filesystem::create_directories(told.host.made_up.tree.root() / "cg/other");
  told.tick();
  CHECK(told.host.subject("/other").slot != first.slot);
  CHECK(told.host.tree.departed().empty());
  for (int i = 0; i < 7; ++i) {
    told.tick();
    CHECK(told.sent<Forgotten>().empty());
  }
  told.tick();
  CHECK(told.sent<Forgotten>() == Subjects{first});
}

TEST_CASE("a path taken again ends the lingering before the birth is told") {
  Told told;
  std::filesystem::create_directories(told.host.made_up.tree.root() / ("cg" + kPath));
  told.tick();
  const Subject first = told.host.subject(kPath);
  told.host.remove("cg" + kPath);
  told.tick();
  std::filesystem::create_directories(told.host.made_up.tree.root() / ("cg" + kPath));
  told.tick();
  REQUIRE(told.host.out.news.size() == 2);
  CHECK(std::get<Forgotten>(told.host.out.news[0]).subject == first);
  CHECK(std::get<Born>(told.host.out.news[1]).subject == told.host.subject(kPath));
}

TEST_CASE("a cgroup that came and went unseen is born, gone and lingers") {
  Told told;
  told.made(501, 12);
  told.removed(501, 12, 15);
  told.tick();
  REQUIRE(told.owners[0]);
  const Subject brief = *told.owners[0];
  CHECK(told.sent<Born>() == Subjects{brief});
  CHECK(told.sent<Gone>() == Subjects{brief});
  REQUIRE(told.host.tree.departed().size() == 1);
  CHECK(told.host.tree.departed()[0]->identity.kind == CgroupKind::container);
  CHECK(told.host.tree.departed()[0]->parent == told.host.subject("/docker"));
  told.tick();
  CHECK(told.host.out.value(CgroupTree::unseen) == 1);
  CHECK(told.host.out.value(CgroupTree::lingering) == 1);
  CHECK(told.host.tree.find(brief) == nullptr);
}

TEST_CASE("an end told before, with and after its being noticed is the same cgroup's") {
  for (const int order : {0, 1, 2}) {
    CAPTURE(order);
    Told told;
    std::filesystem::create_directories(told.host.made_up.tree.root() / ("cg" + kPath));
    told.tick();
    const Subject subject = told.host.subject(kPath);
    const std::uint64_t id = told.host.find(kPath)->kernfs_id[0];
    if (order <= 1) told.removed(id, 0, 25);
    if (order >= 1) told.host.remove("cg" + kPath);
    told.tick();
    if (order == 2) told.removed(id, 0, 25);
    if (order == 0) told.host.remove("cg" + kPath);
    if (order != 1) told.tick();
    if (order != 0) CHECK(told.owners[0] == subject);
    told.tick();
    CHECK(told.host.out.value(CgroupTree::unseen) == 0);
    CHECK(told.host.out.value(CgroupTree::lingering) == 1);
  }
}

TEST_CASE("one that is there already under the same path keeps it: an earlier end is no one's") {
  Told told;
  told.made(501, 12);
  told.removed(501, 12, 13);
  std::filesystem::create_directories(told.host.made_up.tree.root() / ("cg" + kPath));
  told.tick();
  CHECK_FALSE(told.owners[0]);
  CHECK(told.sent<Born>() == Subjects{told.host.subject(kPath)});
  CHECK(told.sent<Gone>().empty());
}

TEST_CASE("of several that came and went under one path the last one's figures stay") {
  Told told;
  for (std::uint64_t i = 0; i < 3; ++i) {
    told.made(501 + i, 11 + 2 * i);
    told.removed(501 + i, 11 + 2 * i, 12 + 2 * i);
  }
  told.tick();
  CHECK_FALSE(told.owners[0]);
  CHECK_FALSE(told.owners[1]);
  REQUIRE(told.owners[2]);
  const Subject last = *told.owners[2];
  told.removed(504, 22, 23);
  told.tick();
  REQUIRE(told.owners[0]);
  CHECK(*told.owners[0] != last);
  CHECK(told.sent<Forgotten>() == Subjects{last});
}

TEST_CASE("the directories of one cgroup in several hierarchies are one Subject") {
  constexpr std::size_t kMemory = 0, kCpuacct = 2;
  Told told(test::kV1Mounts);
  told.removed(601, 12, 15, kMemory);
  told.removed(602, 13, 16, kCpuacct);
  told.tick();
  REQUIRE(told.owners[0]);
  CHECK(told.owners[0] == told.owners[1]);
  CHECK(told.sent<Born>().size() == 1);
  REQUIRE(told.host.tree.departed().size() == 1);
  CHECK(told.host.tree.departed()[0]->kernfs_id[kMemory] == 601);
  CHECK(told.host.tree.departed()[0]->kernfs_id[kCpuacct] == 602);

  SUBCASE("the rest is told in the next tick") {
    told.removed(603, 14, 21, 3);
    told.tick();
    CHECK(told.sent<Born>().empty());
    REQUIRE(told.owners[0]);
  }
  SUBCASE("the next one under that path is another") {
    const Subject first = *told.owners[0];
    told.removed(611, 22, 25, kMemory);
    told.removed(612, 23, 26, kCpuacct);
    told.tick();
    CHECK(told.owners[0] == told.owners[1]);
    CHECK(*told.owners[0] != first);
    CHECK(told.sent<Forgotten>() == Subjects{first});
  }
  SUBCASE("so is one made after the first had ended, in a hierarchy that it was not in") {
    const Subject first = *told.owners[0];
    told.removed(613, 22, 25, 3);
    told.tick();
    CHECK(*told.owners[0] != first);
  }
}

TEST_CASE("what was in one more hierarchy while it lived gets those figures too") {
  constexpr std::size_t kMemory = 0, kCpuacct = 2;
  Told told(test::kV1Mounts);
  std::filesystem::create_directories(told.host.made_up.tree.root() / ("cg/memory" + kPath));
  told.tick();
  told.removed(701, 21, 25, kCpuacct);
  told.tick();
  CHECK(told.owners[0] == told.host.subject(kPath));
  told.removed(702, 31, 35, kCpuacct);  // it had its directory there
  told.tick();
  CHECK_FALSE(told.owners[0]);
  CHECK(told.host.find(kPath)->kernfs_id[kMemory] != 0);
}

TEST_CASE("parents that came and went with their children are told before them") {
  Told told;
  told.chronicle.next_removed.push_back({0, 802, 801, "/pods/inner", 13, 14});
  told.chronicle.next_removed.push_back({0, 801, 1, "/pods", 12, 15});
  told.tick();
  REQUIRE(told.owners[0]);
  REQUIRE(told.owners[1]);
  CHECK(told.sent<Born>() == Subjects{*told.owners[1], *told.owners[0]});
  CHECK(told.host.tree.departed()[1]->parent == *told.owners[1]);
}

TEST_CASE("what is not served has no end either, and without lingering nobody would see one") {
  Told told;
  told.removed(501, 12, 13, 0, kPath + "/nested");
  told.tick();
  CHECK_FALSE(told.owners[0]);
  CHECK(told.host.out.news.empty());

  Options at_once = kOptions;
  at_once.linger_ns = 0;
  Told quick(test::kV2Mounts, at_once);
  quick.removed(501, 12, 13);
  quick.tick();
  CHECK_FALSE(quick.owners[0]);
  CHECK(quick.host.out.news.empty());
}

TEST_CASE("ten thousand that come and go unseen keep no more than the limit allows") {
  Told told;
  for (std::uint64_t i = 0; i < 10'000; ++i)
    told.removed(1000 + i, 12, 13, 0, "/docker/" + std::to_string(i));
  told.tick();
  CHECK(told.host.tree.slots().size() < 120);
  CHECK(told.sent<Born>().size() == 10'000);
  CHECK(told.sent<Forgotten>().size() == 10'000 - 100);
  told.tick();
  CHECK(told.host.out.value(CgroupTree::lingering) == 100);
  CHECK(told.host.out.value(CgroupTree::cut_short) == 10'000 - 100);
}

TEST_CASE("what is made is found although no one notifies of it") {
  Options blind = kOptions;
  blind.max_watches = 0;
  Told told(test::kV2Mounts, blind);
  std::filesystem::create_directories(told.host.made_up.tree.root() / ("cg" + kPath));
  told.made(~0ULL, 15);
  told.tick();
  CHECK(told.host.find(kPath) != nullptr);
}
