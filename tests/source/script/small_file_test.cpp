#include "source/script/small_file.hpp"

#include <doctest/doctest.h>

#include "base/dir.hpp"
#include "source/script/lab.hpp"
#include "support/tree.hpp"

using namespace hostmeter;

TEST_CASE("files are written, never made, and links not followed") {
  const test::Tree tree("-- file --\nold\n-- link -> file --\n");
  const auto dir = base::Dir::open(tree.root().c_str());
  REQUIRE(dir);
  CHECK_FALSE(source::script::write_file(dir->fd(), "file", "new"));
  CHECK(test::contents(tree.root() / "file") == "new\n");
  CHECK(source::script::write_file(dir->fd(), "none", "new")->code == ENOENT);
  CHECK(source::script::write_file(dir->fd(), "link", "new")->code == ELOOP);
}
