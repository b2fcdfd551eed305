#include "app/paths.hpp"

#include <doctest/doctest.h>

#include "support/tree.hpp"

using namespace hostmeter;

TEST_CASE("a directory with proc and sys is a host; a recording is not taken for a live one") {
  const test::Tree tree("-- proc/loadavg --\n1 1 1 1/1 1\n-- sys/ --\n");
  source::Host host;
  CHECK(app::open_host({.root = tree.root().string()}, host).empty());
  CHECK_FALSE(host.live);
  CHECK(app::open_host({}, host).empty());
  CHECK(host.live);
}

TEST_CASE("what is not there is named, with the mend") {
  const test::Tree tree("-- proc/ --\n");
  source::Host host;
  const std::string why = app::open_host({.root = tree.root().string()}, host);
  CHECK(why.find(tree.root().string() + "/sys") != std::string::npos);
  CHECK(why.find("--sysfs") != std::string::npos);
}
