#include "base/glob_filter.hpp"

#include <doctest/doctest.h>

using hostmeter::base::GlobFilter;

TEST_CASE("exclude wins over include; an empty include is everything") {
  CHECK(GlobFilter{}.passes("sda"));
  const GlobFilter disks{{"sd*", "nvme*"}, {"sd[a-z][0-9]*"}};
  CHECK(disks.passes("sda"));
  CHECK_FALSE(disks.passes("sda1"));
  CHECK_FALSE(disks.passes("loop0"));
  CHECK_FALSE(GlobFilter{{}, {"/var/lib/docker/*"}}.passes("/var/lib/docker/overlay2/x/merged"));
}

TEST_CASE("any glob of a list may match, and none of an empty one") {
  using hostmeter::base::matches_any;
  CHECK(matches_any({"a", "com.docker.*"}, "com.docker.compose.project"));
  CHECK_FALSE(matches_any({"a", "b*"}, "com"));
  CHECK_FALSE(matches_any({}, ""));
}
