#include "source/bpf/swap_counters.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/tree.hpp"

using namespace hostmeter;

namespace {

std::optional<bool> keeps(bool v2, std::string_view text) {
  const test::Tree tree(text);
  const auto top = base::Dir::open(tree.root().c_str());
  REQUIRE(top);
  return source::bpf::keeps_swap_counters(*top, v2);
}

}  // namespace

TEST_CASE("v1 says so at the root of its hierarchy") {
  CHECK(keeps(false, "-- memory.memsw.usage_in_bytes --\n0\n") == true);
  CHECK(keeps(false, "-- memory.usage_in_bytes --\n0\n") == false);
}

TEST_CASE("of v2 the first cgroup with memory says so, or the top itself") {
  CHECK(keeps(true,
              "-- a/pids.current --\n0\n-- b/memory.current --\n0\n"
              "-- b/memory.swap.current --\n0\n") == true);
  CHECK(keeps(true, "-- a/pids.current --\n0\n-- b/memory.current --\n0\n") == false);
  CHECK(keeps(true, "-- memory.current --\n0\n-- memory.swap.current --\n0\n-- a/x --\n") == true);
  CHECK(keeps(true, "-- memory.current --\n0\n-- a/x --\n") == false);
}

TEST_CASE("before there is a cgroup with memory nothing is known") {
  CHECK_FALSE(keeps(true, "-- cgroup.procs --\n").has_value());
  CHECK_FALSE(keeps(true, "-- a/pids.current --\n0\n").has_value());
}
