#include "source/bpf/hierarchy_numbers.hpp"

#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using source::bpf::parse_hierarchy_numbers;
using Numbers = std::vector<std::uint32_t>;

namespace {

// In the order of test::kV1Mounts: memory, cpu, cpuacct, pids, blkio, v2.
constexpr std::string_view kText =
    "9:name=systemd:/init.scope\n8:pids:/\n7:blkio:/\n6:freezer:/\n4:memory:/\n2:cpuacct:/\n"
    "1:cpu:/\n0::/init.scope\n";

}  // namespace

TEST_CASE("each hierarchy has the number of its controllers, and v2 has 0") {
  const test::CgroupHost host(test::kV1Mounts);
  CHECK(*parse_hierarchy_numbers(kText, host.hierarchies) == Numbers{4, 1, 2, 8, 7, 0});
  const test::CgroupHost v2(test::kV2Mounts);
  CHECK(*parse_hierarchy_numbers("0::/a:b\n", v2.hierarchies) == Numbers{0});
}

TEST_CASE("what is missing or malformed is refused") {
  const test::CgroupHost host(test::kV1Mounts);
  CHECK(parse_hierarchy_numbers("0::/\n", host.hierarchies).error().code == ENOENT);
  CHECK(parse_hierarchy_numbers("", host.hierarchies).error().code == ENOENT);
  for (const char* text : {"x:memory:/\n", "::/\n", "-1:cpu:/\n", "99999999999999999999:cpu:/\n"})
    CHECK(parse_hierarchy_numbers(text, host.hierarchies).error().code == EBADMSG);
}
