#include "source/cgroup/file_cache.hpp"

#include <doctest/doctest.h>

#include "source/cgroup/pids.hpp"
#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

TEST_CASE("no more files are kept open than allowed, and all are read") {
  Options options;
  options.max_open_files = 2;
  test::CgroupHost host(test::kV2Mounts, {}, options);
  for (const char* name : {"a", "b", "c", "d"})
    host.write(std::string("cg/") + name + "/pids.current", "7\n");
  Activity activity;
  PidsReader reader(host.tree, host.files, activity, options);
  host.tick(reader);
  CHECK(host.files.kept() == 2);
  for (const char* path : {"/a", "/b", "/c", "/d"})
    CHECK(host.out.value(CgroupPids::current, host.subject(path)) == 7);
  host.remove("cg/a");
  host.remove("cg/b");
  host.tick(reader);
  host.tick(reader);
  CHECK(host.files.kept() == 2);
  host.remove("cg/c");
  host.tick(reader);
  CHECK(host.files.kept() == 1);
}

TEST_CASE("an absent file is looked for again after a while") {
  test::CgroupHost host(test::kV2Mounts, "-- cg/a/ --\n");
  Activity activity;
  PidsReader reader(host.tree, host.files, activity, {});
  host.tick(reader);
  CHECK_FALSE(host.out.value(CgroupPids::current, host.subject("/a")));
  host.write("cg/a/pids.current", "7\n");
  std::optional<std::uint64_t> current;
  for (unsigned i = 0; i <= FileCache::kRetryReads && !current; ++i) {
    host.tick(reader);
    current = host.out.value(CgroupPids::current, host.subject("/a"));
  }
  CHECK(current == 7);
}

TEST_CASE("a controller's files are where the cgroup is, never an ancestor's") {
  test::CgroupHost host(test::kV1Mounts, "-- cg/memory/a/ --\n-- cg/unified/b/ --\n");
  Activity activity;
  PidsReader reader(host.tree, host.files, activity, {});
  host.tick(reader);
  CHECK_FALSE(host.files.where(Controller::memory, *host.find("/a"))->v2);
  CHECK_FALSE(host.files.where(Controller::cpu, *host.find("/a")));
  CHECK(host.files.where(Controller::memory, *host.find("/b"))->v2);
}

TEST_CASE("a file cache without a hierarchy answers nothing") {
  test::CgroupHost host("");
  Activity activity;
  PidsReader reader(host.tree, host.files, activity, {});
  host.tick(reader);
  CHECK_FALSE(host.files.where(Controller::pids, *host.tree.slots()[0]));
  CHECK(reader.read_errors() == 0);
}
