#include "base/dir.hpp"

#include <doctest/doctest.h>

#include "support/tree.hpp"

using namespace hostmeter;
using Names = std::vector<std::string>;

TEST_CASE("entries, subdirectories and links of a directory") {
  const test::Tree tree("-- b --\n-- a/x --\n-- c -> target:[1] --\n");
  const auto dir = base::Dir::open(tree.root().c_str());
  REQUIRE(dir);
  CHECK(*dir->entries() == Names{"a", "b", "c"});
  CHECK(*dir->subdirectories() == Names{"a"});
  CHECK(*dir->link("c") == "target:[1]");
  CHECK(dir->link("b").error().code == EINVAL);
  CHECK(base::Dir::open_at(dir->fd(), "none").error().code == ENOENT);
}
