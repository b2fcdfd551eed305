#include "source/cgroup/cpu_time.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::source::cgroup;

namespace {
bool is(CpuSplit split, std::uint64_t user, std::uint64_t system) {
  return split.user_ns == user && split.system_ns == system;
}
}  // namespace

TEST_CASE("usage is shared out as the ticks were, as the kernel does") {
  // Measured beside cpu.stat: 1307269 and 12000 us of ticks were shown as 1232489 and 11313.
  CHECK(is(split(1'243'802'588, 1'307'269'000, 12'000'000, {}), 1'232'489'027, 11'313'561));
  CHECK(is(split(100, 0, 0, {}), 100, 0));
  CHECK(is(split(100, 0, 7, {}), 0, 100));
  CHECK(is(split(100, 7, 0, {}), 100, 0));
  CHECK(is(split(0, 5, 5, {}), 0, 0));
}

TEST_CASE("neither part goes back, and both together are the usage") {
  const CpuSplit first = split(1'000, 500, 500, {});
  CHECK(is(first, 500, 500));
  // More user ticks than the usage grew by: system would fall to 400.
  const CpuSplit second = split(1'200, 1'000, 500, first);
  CHECK(is(second, 700, 500));
  CHECK(is(split(1'100, 1'000, 500, second), 700, 500));  // usage itself read a moment earlier
  CHECK(is(split(1'300, 100, 900, {900, 300}), 900, 400));
}

TEST_CASE("what 64 bits cannot multiply") {
  const std::uint64_t year = 365ULL * 24 * 3600 * 1'000'000'000;
  const CpuSplit shared = split(100 * year, 60 * year, 60 * year, {});
  CHECK(is(shared, 50 * year, 50 * year));
  const std::uint64_t most = ~std::uint64_t{0};
  CHECK(is(split(most, most, most, {}), most - most / 2, most / 2));
}
