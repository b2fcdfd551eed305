#include "tool/record/cgroups.hpp"

#include <doctest/doctest.h>

#include "base/text_tree.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

TEST_CASE("hierarchies are found wherever they are mounted, each once") {
  const auto mounts = tool::cgroup_mounts(
      "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
      "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:1 master:2 - cgroup cgroup rw,cpu\n"
      "33 31 0:29 / /mnt/again rw - cgroup cgroup rw,cpu\n"
      "41 31 0:38 / /cg\\040two rw - cgroup2 cgroup2 rw\n"
      "42 31 0:39 / /../x rw - cgroup2 cgroup2 rw\n"
      "43 31\n\n - cgroup\n");
  CHECK(mounts == std::vector<std::string>{"sys/fs/cgroup/cpu,cpuacct", "cg two"});
}

TEST_CASE("a cgroup's figures are kept, and its first process is told") {
  test::MadeUpHost host(
      "-- proc/1/mountinfo --\n41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
      "-- sys/fs/cgroup/cgroup.procs --\n1\n"
      "-- sys/fs/cgroup/a/cgroup.procs --\n12\n13\n"
      "-- sys/fs/cgroup/a/cpu.stat --\nusage_usec 1\n"
      "-- sys/fs/cgroup/a/cpuset.cpus --\n0-1\n"
      "-- sys/fs/cgroup/a/b/cgroup.procs --\n0\n"
      "-- sys/fs/cgroup/a/b/memory.current --\n4096\n"
      "-- sys/fs/cgroup/empty/ --\n");
  const test::Tree out("");
  const auto into = base::Dir::open(out.root().c_str());
  tool::Writer writer(*into, tool::Scrubber({}), {});
  CHECK(tool::record_cgroups({host.host.root, host.host.proc, host.host.sys}, writer) ==
        std::set<std::string>{"12"});
  CHECK(writer.failure() == 0);
  CHECK(base::to_text_tree(out.root())->text ==
        "-- sys/fs/cgroup/a/b/cgroup.procs --\n0\n"
        "-- sys/fs/cgroup/a/b/memory.current --\n4096\n"
        "-- sys/fs/cgroup/a/cgroup.procs --\n12\n13\n"
        "-- sys/fs/cgroup/a/cpu.stat --\nusage_usec 1\n"
        "-- sys/fs/cgroup/cgroup.procs --\n1\n"
        "-- sys/fs/cgroup/empty/ --\n");
}
