#include "config/whole_file.hpp"

#include <doctest/doctest.h>

#include "support/tree.hpp"

using namespace hostmeter;

TEST_CASE("a file is read up to one byte more than is wanted of it") {
  const test::Tree tree("-- a --\n12345\n-- empty --\n-- dir/ --\n");
  const std::string root = tree.root();
  CHECK(*config::read_whole(root + "/a", 100) == "12345\n");
  CHECK(*config::read_whole(root + "/a", 6) == "12345\n");
  CHECK(*config::read_whole(root + "/a", 3) == "1234");
  CHECK(config::read_whole(root + "/empty", 3)->empty());
  CHECK(config::read_whole(root + "/none", 3).error().code == ENOENT);
  CHECK(config::read_whole(root + "/dir", 3).error().code == EISDIR);
}
