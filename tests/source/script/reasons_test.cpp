#include "source/script/reasons.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hostmeter::source::script;

TEST_CASE("a refusal says who refused, and the kernel's word if there is one") {
  CHECK(reason({1, Refusal::busy, 0, "pool is full"}) == "pool is full");
  CHECK(reason({1, Refusal::script, EACCES, "execute"}) == "execute: Permission denied");
  CHECK(reason({1, Refusal::sandbox, EPERM, "mount"}) ==
        "its sandbox failed: mount: Operation not permitted");
  CHECK(reason({1, Refusal::strict, 0, "landlock"}) == "strict wants the whole sandbox: landlock");
}

TEST_CASE("parts that are not in force are named with what failed") {
  FeatureStates features;
  CHECK(parts_lacking(features).empty());
  features[Feature::landlock] = {ENOSYS, "rules of its own"};
  features[Feature::user] = {EPERM, "setuid"};
  const std::string all = parts_lacking(features);
  CHECK(all.find("landlock (rules of its own: Function not implemented)") != std::string::npos);
  CHECK(all.find("user (setuid: Operation not permitted)") != std::string::npos);
  CHECK(all.find("; ") != std::string::npos);
}
