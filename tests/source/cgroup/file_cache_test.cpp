#include "source/cgroup/file_cache.hpp"

#include <doctest/doctest.h>

#include <set>

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

namespace {

// Cgroups with one file each, of which some do something at every tick.
struct Crowd {
  explicit Crowd(std::size_t most, unsigned cgroups = 0)
      : options{.max_open_files = most}, host(test::kV2Mounts, {}, options) {
    for (unsigned i = 0; i < cgroups; ++i) add("c" + std::to_string(i));
    host.tick(reader);
  }
  void add(const std::string& name) const { host.write("cg/" + name + "/pids.current", "7\n"); }
  void tick(const std::set<std::string>& busy) {
    for (const std::string& name : busy)
      if (host.find("/" + name)) activity.set(host.subject("/" + name), ++usage_ns);
    for (const Cgroup* cgroup : host.tree.slots())
      if (cgroup && !activity.usage_ns(cgroup->subject)) activity.set(cgroup->subject, 0);
    host.tick(reader);
  }
  // The cgroups whose file this process has open.
  std::set<std::string> kept() const {
    std::set<std::string> names;
    std::error_code gone;
    for (const auto& fd : std::filesystem::directory_iterator("/proc/self/fd")) {
      const auto target = std::filesystem::read_symlink(fd, gone);
      if (target.filename() == "pids.current") names.insert(target.parent_path().filename());
    }
    return names;
  }

  Options options;
  test::CgroupHost host;
  Activity activity;
  PidsReader reader{host.tree, host.files, activity, options};
  std::uint64_t usage_ns = 0;
};

}  // namespace

TEST_CASE("a busy latecomer takes the place of one that does nothing any longer") {
  Crowd crowd(4, 40);
  const std::set<std::string> early{"c0", "c1", "c2", "c3"};
  for (int i = 0; i < 10; ++i) crowd.tick(early);
  CHECK(crowd.kept() == early);
  crowd.add("late");
  for (int i = 0; i < 10; ++i) crowd.tick({"c1", "late"});
  CHECK(crowd.kept().contains("late"));
  CHECK(crowd.kept().contains("c1"));
  CHECK(crowd.host.files.kept() == 4);
}

TEST_CASE("files that are all read at every tick do not take each other's place") {
  Crowd crowd(4);
  std::set<std::string> all;
  for (unsigned i = 0; i < 43; ++i) all.insert("c" + std::to_string(i));
  for (const std::string& name : all) crowd.add(name);
  for (int i = 0; i < 10; ++i) crowd.tick(all);
  const std::set<std::string> kept = crowd.kept();
  CHECK(kept.size() == 4);
  for (int i = 0; i < 50; ++i) {
    crowd.tick(all);
    CHECK(crowd.kept() == kept);
  }
}

TEST_CASE("one that does something now and then takes nobody's place") {
  Crowd crowd(2, 40);
  for (int i = 0; i < 10; ++i) crowd.tick({"c0", "c1"});
  for (unsigned i = 0; i < 60; ++i) {
    crowd.tick({"c" + std::to_string(2 + i % 20)});
    CHECK(crowd.kept() == std::set<std::string>{"c0", "c1"});
  }
}

TEST_CASE("an idle file is found in a large cache within some ticks") {
  constexpr unsigned kMany = FileCache::kSteps * 4;
  Crowd crowd(kMany, kMany);
  std::set<std::string> all;
  for (unsigned i = 0; i < kMany; ++i) all.insert("c" + std::to_string(i));
  for (int i = 0; i < 10; ++i) crowd.tick(all);
  REQUIRE(crowd.host.files.kept() == kMany);
  all.erase("c100");
  all.insert("late");
  crowd.add("late");
  for (unsigned i = 0; i < kMany / FileCache::kSteps + FileCache::kMostUse; ++i) crowd.tick(all);
  CHECK(crowd.kept() == all);
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
