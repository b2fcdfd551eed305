#include "source/cgroup/lingering.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

namespace {

Cgroup cgroup(std::uint32_t slot, std::string path, std::uint64_t id) {
  Cgroup made;
  made.subject = {slot, 1};
  made.path = std::move(path);
  made.kernfs_id[1] = id;
  return made;
}
using Subjects = std::vector<Subject>;

}  // namespace

TEST_CASE("each is remembered for its time, by path and by id") {
  Lingering lingering(90, 10);
  lingering.add(cgroup(1, "/a", 11), 1000);
  lingering.add(cgroup(2, "/b", 12), 1050);
  REQUIRE(lingering.find("/a"));
  CHECK(lingering.by_kernfs_id(1, 12)->path == "/b");
  CHECK(lingering.by_kernfs_id(0, 12) == nullptr);
  lingering.expire(1089);
  CHECK(lingering.size() == 2);
  lingering.expire(1090);
  CHECK(lingering.find("/a") == nullptr);
  CHECK(lingering.by_kernfs_id(1, 11) == nullptr);
  CHECK(lingering.take_forgotten() == Subjects{{1, 1}});
  CHECK(lingering.take_forgotten().empty());
}

TEST_CASE("one that returns to a path takes the place of the one before") {
  Lingering lingering(90, 10);
  lingering.add(cgroup(1, "/a", 11), 0);
  lingering.add(cgroup(2, "/a", 12), 10);
  CHECK(lingering.take_forgotten() == Subjects{{1, 1}});
  CHECK(lingering.by_kernfs_id(1, 11) == nullptr);
  CHECK(lingering.find("/a")->cgroup.subject == Subject{2, 1});
  lingering.expire(90);  // the time of the first
  CHECK(lingering.size() == 1);
}

TEST_CASE("when there are too many the oldest go first, and are counted") {
  Lingering lingering(90, 2);
  for (std::uint32_t i = 1; i <= 3; ++i) lingering.add(cgroup(i, "/" + std::to_string(i), i), i);
  CHECK(lingering.take_forgotten() == Subjects{{1, 1}});
  CHECK(lingering.size() == 2);
  CHECK(lingering.cut_short() == 1);
}

TEST_CASE("without a time nothing lingers") {
  Lingering lingering(0, 10);
  lingering.add(cgroup(1, "/a", 11), 0);
  CHECK(lingering.find("/a") == nullptr);
  CHECK(lingering.take_forgotten() == Subjects{{1, 1}});
}

TEST_CASE("a directory that is told of later is found as well, and forgotten with the rest") {
  Lingering lingering(90, 10);
  lingering.add(cgroup(1, "/a", 11), 0);
  lingering.add_kernfs_id(*lingering.find("/a"), 3, 33);
  CHECK(lingering.by_kernfs_id(3, 33)->path == "/a");
  lingering.forget("/a");
  CHECK(lingering.by_kernfs_id(3, 33) == nullptr);
  CHECK(lingering.by_kernfs_id(1, 11) == nullptr);
}
