#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

namespace {

struct Idle final : source::Reader {
  void read(const source::Tick&, Output&) override {}
};

}  // namespace

TEST_CASE("some process of a cgroup or of one below it") {
  test::CgroupHost host(test::kV2Mounts);
  Idle idle;
  host.write("cg/a/cgroup.procs", "");
  host.write("cg/a/b/cgroup.procs", "4711\n4712\n");
  host.write("cg/c/cgroup.procs", "0\n");
  host.write("cg/d/cgroup.procs", "99999999999999999999\n");
  host.tick(idle);
  CHECK(host.tree.first_pid(*host.find("/a")) == 4711);
  CHECK(host.tree.first_pid(*host.find("/c")) == 0);
  CHECK(host.tree.first_pid(*host.find("/d")) == 0);
}

TEST_CASE("a process is not looked for in thousands of cgroups") {
  test::CgroupHost host(test::kV2Mounts);
  Idle idle;
  for (int i = 0; i < 200; ++i) host.write("cg/a/" + std::to_string(i) + "/cgroup.procs", "");
  host.tick(idle);
  const Cgroup& a = *host.find("/a");
  for (int i = 0; i < 200; ++i) host.remove("cg/a/" + std::to_string(i) + "/cgroup.procs");
  CHECK(host.tree.first_pid(a) == 0);  // and it waits before it looks that far again
  for (int i = 0; i < 200; ++i) host.write("cg/a/" + std::to_string(i) + "/cgroup.procs", "4711\n");
  CHECK(host.tree.first_pid(a) == 0);
  CHECK(host.tree.first_pid(a) == 4711);
  host.write("cg/a/cgroup.procs", "4712\n");
  CHECK(host.tree.first_pid(a) == 4712);
}
