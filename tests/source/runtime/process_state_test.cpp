#include "source/runtime/process_state.hpp"

#include <doctest/doctest.h>

#include "support/tree.hpp"

using namespace hostmeter;
using namespace hostmeter::source::runtime;

TEST_CASE("a process that a signal stopped is told by its state, whatever it calls itself") {
  CHECK(says_stopped("12 (dockerd) T 1 12"));
  CHECK(says_stopped("12 (dockerd) t 1 12"));
  CHECK_FALSE(says_stopped("12 (dockerd) S 1 12"));
  CHECK_FALSE(says_stopped("12 (a) T) S 1 12"));
  CHECK_FALSE(says_stopped(""));
  CHECK_FALSE(says_stopped("12 dockerd T"));
}

TEST_CASE("processes and files that are not there are not stopped") {
  const test::Tree tree("");
  tree.write("7/stat", "7 (x) T 1\n");
  tree.write("run/docker.pid", "7\n");
  tree.write("run/bad.pid", "-7\n");
  const auto dir = base::Dir::open(tree.root().c_str());
  REQUIRE(dir);
  base::Buffer buffer;
  CHECK(is_stopped_process(*dir, 7, buffer));
  CHECK_FALSE(is_stopped_process(*dir, 8, buffer));
  CHECK(pid_in_file(*dir, "run/docker.pid", buffer) == 7);
  CHECK_FALSE(pid_in_file(*dir, "run/bad.pid", buffer));
  CHECK_FALSE(pid_in_file(*dir, "run/none.pid", buffer));
}
