#include "source/cgroup/info.hpp"

#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

TEST_CASE("a cgroup says what it is once, and what is sent once goes on") {
  const std::string id(64, 'b');
  test::CgroupHost host(test::kV2Mounts, "-- cg/system.slice/docker-" + id + ".scope/ --\n");
  InfoReader reader(host.made_up.host, host.tree);
  host.now.realtime_ns = 1'700'000'000'000'000'000;
  host.tick(reader);
  const Subject box = host.subject("/system.slice/docker-" + id + ".scope");
  const Instance instance = host.out.instance("docker", box);
  REQUIRE(instance != 0);
  CHECK(host.out.value(CgroupInfo::info, box, instance) == 1);
  const auto& named = std::get<NamedInstance>(host.out.news.back());
  CHECK(named.values ==
        std::vector<std::string>{"docker", id, "", "", "docker-" + id + ".scope", "container"});
  host.tick(reader);
  CHECK(host.out.news.empty());
  CHECK_FALSE(host.out.value(CgroupInfo::last_seen_ns, box, instance));
  host.tick(reader, true);
  CHECK(host.out.news.empty());
  CHECK(host.out.value(CgroupInfo::last_seen_ns, box, instance) == 1'700'000'000'000'000'000);
  host.remove("cg/system.slice");
  host.now.realtime_ns = 1'700'000'005'000'000'000;
  host.tick(reader);
  CHECK(host.out.value(CgroupInfo::last_seen_ns, box, instance) == 1'700'000'000'000'000'000);
  for (const Record& record : host.out.records)
    if (record.subject == box) CHECK((record.present & kFinalFigures) != 0);
  host.tick(reader);
  CHECK_FALSE(host.out.value(CgroupInfo::last_seen_ns, box, instance));
}

TEST_CASE("the number of one that is gone is not another's in the same tick") {
  test::CgroupHost host(test::kV2Mounts, "-- cg/one/ --\n");
  InfoReader reader(host.made_up.host, host.tree);
  host.tick(reader);
  const Instance first = host.out.instance("", host.subject("/one"));
  REQUIRE(first != 0);
  host.remove("cg/one");
  host.write("cg/two/file", "");
  host.tick(reader);
  constexpr std::uint32_t kIndex = (1U << InstanceIds::kIndexBits) - 1;
  CHECK((host.out.instance("", host.subject("/two")) & kIndex) != (first & kIndex));
}
