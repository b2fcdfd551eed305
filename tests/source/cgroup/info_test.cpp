#include "source/cgroup/info.hpp"

#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

TEST_CASE("a cgroup says once that it is there, and when it last was as it goes") {
  test::CgroupHost host(test::kV2Mounts, "-- cg/system.slice/box/ --\n");
  InfoReader reader(host.tree);
  host.now.realtime_ns = 1'700'000'000'000'000'000;
  host.tick(reader);
  const Subject box = host.subject("/system.slice/box");
  CHECK(host.out.value(CgroupInfo::last_seen_ns, box) == 1'700'000'000'000'000'000);
  host.tick(reader);
  CHECK_FALSE(host.out.value(CgroupInfo::last_seen_ns, box));
  host.tick(reader, true);
  CHECK(host.out.value(CgroupInfo::last_seen_ns, box) == 1'700'000'000'000'000'000);
  host.remove("cg/system.slice");
  host.now.realtime_ns = 1'700'000'005'000'000'000;
  host.tick(reader);
  CHECK(host.out.value(CgroupInfo::last_seen_ns, box) == 1'700'000'000'000'000'000);
  for (const Record& record : host.out.records)
    if (record.subject == box) CHECK((record.present & kFinalFigures) != 0);
  host.tick(reader);
  CHECK_FALSE(host.out.value(CgroupInfo::last_seen_ns, box));
}
