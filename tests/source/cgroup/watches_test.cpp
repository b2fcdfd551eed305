#include "source/cgroup/watches.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <vector>

#include "support/tree.hpp"

using namespace hostmeter;
using source::cgroup::Watches;

namespace {

std::vector<int> changes(Watches& watches) {
  std::vector<int> seen;
  watches.drain([&](int watch) { seen.push_back(watch); }, [] { FAIL("overflow"); });
  return seen;
}

}  // namespace

TEST_CASE("directories made and removed are told, files are not") {
  const test::Tree tree("-- a/ --\n-- b/ --");
  Watches watches;
  REQUIRE(watches);
  const auto watch = watches.add(tree.fd());
  REQUIRE(watch);
  CHECK(changes(watches).empty());
  tree.write("file", "x");
  CHECK(changes(watches).empty());
  std::filesystem::create_directory(tree.root() / "c");
  std::filesystem::remove(tree.root() / "b");
  CHECK(changes(watches) == std::vector{*watch, *watch});
  watches.remove(*watch);
  CHECK(watches.size() == 0);
  std::filesystem::create_directory(tree.root() / "d");
  CHECK(changes(watches).empty());
}

TEST_CASE("what is no directory cannot be watched") {
  Watches watches;
  CHECK_FALSE(watches.add(-1));
  CHECK(watches.size() == 0);
  watches.remove(Watches::kNone);
  CHECK(watches.size() == 0);
}
