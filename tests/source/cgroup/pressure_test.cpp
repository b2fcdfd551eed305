#include "source/cgroup/pressure.hpp"

#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

TEST_CASE("stall times in ns") {
  const auto stalls = parse_pressure(
      "some avg10=51.36 avg60=20.65 avg300=5.86 total=28801507\n"
      "full avg10=28.91 avg60=15.04 avg300=4.57 total=23813902\n");
  REQUIRE(stalls);
  CHECK(stalls->some_ns == 28'801'507'000);
  CHECK(stalls->full_ns == 23'813'902'000);
  CHECK_FALSE(parse_pressure("some avg10=0.00 total=1\n")->full_ns);
}

TEST_CASE("a pressure file that is none is refused") {
  for (const char* text : {"", "\n", "some\n", "some total=\n", "some total=-1\n", "some total=1",
                           "full total=1\n", "some total=18446744073709551615\n", "\xff\xfe\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_pressure(text));
  }
}

TEST_CASE("pressure is read in the v2 tree, also of a hybrid host") {
  for (const auto& [mounts, top] : {std::pair{test::kV2Mounts, std::string("cg/")},
                                    std::pair{test::kV1Mounts, std::string("cg/unified/")}}) {
    test::CgroupHost host(mounts);
    host.write(top + "a/cpu.pressure", "some total=1\nfull total=2\n");
    host.write(top + "a/io.pressure", "some total=3\nfull total=4\n");
    PressureReader reader(host.tree, host.files, {});
    host.tick(reader);
    CHECK(host.out.value(CgroupPressure::cpu_some, host.subject("/a")) == 1000);
    CHECK(host.out.value(CgroupPressure::io_full, host.subject("/a")) == 4000);
    CHECK_FALSE(host.out.value(CgroupPressure::memory_some, host.subject("/a")));
    CHECK(reader.read_errors() + reader.parse_errors() == 0);
  }
}

TEST_CASE("a cgroup that waits for a dead disk and uses no CPU time is looked at often") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/a/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\n");
  host.write("cg/a/io.pressure", "some total=1\nfull total=0\n");
  const Options options;
  PressureReader reader(host.tree, host.files, options);
  host.ticks(reader, 100);
  const Subject a = host.subject("/a");
  for (std::uint64_t us = 2; us < 6; ++us) {
    host.write("cg/a/io.pressure", "some total=" + std::to_string(us) + "\nfull total=0\n");
    unsigned ticks = 0;
    do {
      host.tick(reader);
      ++ticks;
    } while (host.out.value(CgroupPressure::io_some, a) != us * 1000 && ticks < 100);
    CHECK(ticks <= options.warm_every);
  }
}
