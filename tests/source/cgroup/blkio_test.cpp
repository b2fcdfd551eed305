#include "source/cgroup/blkio.hpp"

#include <doctest/doctest.h>

#include "hostmeter/wire/blkio.h"
#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

TEST_CASE("v2's io.stat, device by device") {
  std::vector<DeviceIo> devices;
  REQUIRE(
      parse_io_stat("254:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n"
                    "7:0 \n8:16 8:0 rbytes=9 cost.usage=77\n",
                    devices));
  REQUIRE(devices.size() == 4);
  CHECK(devices[0].facts.get(CgroupBlkio::write_ops) == 4);
  CHECK(devices[0].facts.get(CgroupBlkio::discard_bytes) == 5);
  CHECK(devices[1].facts.empty());
  CHECK(devices[2].facts.empty());
  CHECK(devices[3].dev == 8U << WIRE_DEV_MINOR_BITS);
  CHECK(devices[3].facts.get(CgroupBlkio::read_bytes) == 9);
}

TEST_CASE("v1's two files make one set of figures") {
  std::vector<DeviceIo> devices;
  REQUIRE(
      parse_blkio("254:0 Read 100\n254:0 Write 200\n254:0 Sync 1\n254:0 Async 2\n"
                  "254:0 Discard 3\n254:0 Total 303\nTotal 303\n",
                  Measure::bytes, devices));
  REQUIRE(parse_blkio("254:0 Read 10\n254:0 Write 20\nTotal 30\n", Measure::operations, devices));
  REQUIRE(devices.size() == 1);
  CHECK(devices[0].facts.get(CgroupBlkio::read_bytes) == 100);
  CHECK(devices[0].facts.get(CgroupBlkio::write_ops) == 20);
  CHECK(devices[0].facts.get(CgroupBlkio::discard_bytes) == 3);
  CHECK(devices[0].facts.get(CgroupBlkio::async_bytes) == 2);
  CHECK_FALSE(devices[0].facts.get(CgroupBlkio::discard_ops));
  CHECK_FALSE(devices[0].facts.get(CgroupBlkio::async_ops));
}

TEST_CASE("block I/O files that are none are refused") {
  std::vector<DeviceIo> devices;
  for (const char* text :
       {"rbytes=1\n", "254:0 rbytes=-1\n", "254:0 rbytes=\n", "254:0 rbytes=1",
        "254:0 rbytes=99999999999999999999\n", "x:y rbytes=1\n", "99999:0 rbytes=1\n", "\xff\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_io_stat(text, devices));
  }
  for (const char* text : {"254:0 Read\n", "254:0 Read -1\n", "Read 1\n", "254:0 Read 1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_blkio(text, Measure::bytes, devices));
  }
  CHECK(parse_io_stat("", devices));
}

TEST_CASE("a device has its name, number and figures, and goes when it is no longer listed") {
  test::CgroupHost host(test::kV2Mounts,
                        "-- sys/dev/block/254:0 -> ../../devices/virtual/block/cciss!c0d0 --\n");
  host.write("cg/a/io.stat", "254:0 rbytes=4096 rios=1\n9:9 rbytes=1\n");
  Activity activity;
  BlkioReader reader(host.made_up.host, host.tree, host.files, activity, {});
  host.tick(reader);
  const Subject a = host.subject("/a");
  const Instance disk = host.out.instance("/dev/cciss/c0d0", a);
  REQUIRE(disk != 0);
  CHECK(host.out.value(CgroupBlkio::read_bytes, a, disk) == 4096);
  CHECK(host.out.instance("/dev/block/9:9", a) != 0);
  host.write("cg/a/io.stat", "254:0 rbytes=8192 rios=2\n");
  host.tick(reader);
  CHECK(host.out.value(CgroupBlkio::read_ops, a, disk) == 2);
  CHECK(host.out.news.size() == 1);
  CHECK(std::holds_alternative<GoneInstance>(host.out.news[0]));
}

TEST_CASE("a number given to another disk gets its name within a minute") {
  test::CgroupHost host(test::kV2Mounts, "-- sys/dev/block/254:0 -> ../../block/vda --\n");
  host.write("cg/a/io.stat", "254:0 rbytes=4096 rios=1\n");
  Activity activity;
  BlkioReader reader(host.made_up.host, host.tree, host.files, activity, {});
  host.tick(reader);
  const Subject a = host.subject("/a");
  CHECK(host.out.instance("/dev/vda", a) != 0);
  host.remove("sys/dev/block/254:0");
  std::filesystem::create_symlink("../../block/vdb",
                                  host.made_up.tree.root() / "sys/dev/block/254:0");
  Instance renamed = 0;
  for (unsigned i = 0; i < 65 && renamed == 0; ++i) {
    host.tick(reader);
    renamed = host.out.instance("/dev/vdb", a);
  }
  CHECK(renamed != 0);
}

TEST_CASE("v1: the throttle files, and the older ones where those are not recursive") {
  test::CgroupHost host(test::kV1Mounts);
  host.write("cg/blkio/a/blkio.throttle.io_service_bytes_recursive", "254:0 Read 1\nTotal 1\n");
  host.write("cg/blkio/b/blkio.io_service_bytes_recursive", "254:0 Read 2\nTotal 2\n");
  Activity activity;
  BlkioReader reader(host.made_up.host, host.tree, host.files, activity, {});
  host.tick(reader);
  const Subject a = host.subject("/a"), b = host.subject("/b");
  CHECK(host.out.value(CgroupBlkio::read_bytes, a, host.out.instance("/dev/block/254:0", a)) == 1);
  CHECK(host.out.value(CgroupBlkio::read_bytes, b, host.out.instance("/dev/block/254:0", b)) == 2);
  CHECK(reader.read_errors() + reader.parse_errors() == 0);
}
