#include "app/walks.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/made_up_host.hpp"
#include "support/made_up_machine.hpp"

using namespace hostmeter;

TEST_CASE("a recorded host is not walked: the walk would be of this one") {
  test::MadeUpHost made_up(test::kMachine);
  const app::Readers readers = app::make_readers({}, made_up.host);
  CHECK_FALSE(readers.walks);
  const auto walk = std::ranges::find(readers.all, "cgroup_walk", &app::NamedReader::name);
  REQUIRE(walk != readers.all.end());
  CHECK_FALSE(walk->reader);
}

TEST_CASE("a remark names the reader and what to do") {
  const app::Remark remark =
      app::remark_of({"cgroup_cpu", "usage of /a is 1 in its file"}, Error{EPERM, "lockdown"});
  CHECK(remark.reader == "cgroup_cpu");
  CHECK(to_string(remark).find(
            "cgroup_cpu is read from files, not from the walk: usage of /a is 1") == 0);
  CHECK(to_string(remark).find("bpf.walk = false") != std::string::npos);
}

TEST_CASE("where the kernel's memory is closed that is why memory is read from files") {
  const app::Remark remark =
      app::remark_of({"cgroup_memory", "it does not find anon"},
                     Error{EPERM, "kernel lockdown in confidentiality mode forbids it"});
  CHECK(remark.reader == "cgroup_memory");
  CHECK(remark.what.find("from files") != std::string::npos);
  CHECK(remark.what.find("lockdown") != std::string::npos);
  CHECK(remark.mend.find("lockdown=integrity") != std::string::npos);
  CHECK(remark.mend.find("bpf.walk") == std::string::npos);
}

TEST_CASE("of a walk without a verdict nothing need be mended") {
  const app::Remark remark = app::doubt_of({"cgroup_pressure", "all figures are 0"});
  CHECK(remark.reader == "cgroup_pressure");
  CHECK(remark.what ==
        "cgroup_pressure is still read from files, not from the walk: all figures are 0");
  CHECK(remark.mend.find("nothing need be done") == 0);
}

TEST_CASE("a remark on room says what to raise") {
  const app::Remark remark =
      app::remark_of({"cgroup_walk", "there are more cgroups than 64", true}, {});
  CHECK(to_string(remark).find(
            "some cgroups are read from files, not from the walk: there are more") == 0);
  CHECK(remark.mend.find("walk_cgroups") != std::string::npos);
}
