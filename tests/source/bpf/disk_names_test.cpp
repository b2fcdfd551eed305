#include "source/bpf/disk_names.hpp"

#include <doctest/doctest.h>

#include "hostmeter/wire/blkio.h"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::bpf::DiskNames;

namespace {
constexpr std::uint32_t number(std::uint32_t major, std::uint32_t minor) {
  return major << WIRE_DEV_MINOR_BITS | minor;
}
}  // namespace

TEST_CASE("disks are named as under /dev") {
  test::MadeUpHost made_up(
      "-- sys/dev/block/254:0 -> ../../devices/pci0000:00/virtio1/block/vda --\n"
      "-- sys/dev/block/259:1048575 -> ../../devices/nvme/nvme0n1 --\n"
      "-- sys/dev/block/104:0 -> ../../devices/pci!odd/block/cciss!c0d0 --\n"
      "-- sys/dev/block/7:0 -> nothing/ --\n");
  DiskNames names(made_up.host.sys);
  REQUIRE(names.find(number(254, 0)));
  CHECK(names.find(number(254, 0))->path == "/dev/vda");
  CHECK(names.find(number(254, 0))->major == "254");
  CHECK(names.find(number(259, 1048575))->path == "/dev/nvme0n1");
  CHECK(names.find(number(259, 1048575))->minor == "1048575");
  CHECK(names.find(number(104, 0))->path == "/dev/cciss/c0d0");
  CHECK_FALSE(names.find(number(7, 0)));
  CHECK_FALSE(names.find(number(8, 0)));
  CHECK(names.refresh().empty());
}

TEST_CASE("a number that another disk took is told once") {
  test::MadeUpHost made_up("-- sys/dev/block/8:0 -> ../block/sda --\n");
  const auto link = made_up.tree.root() / "sys/dev/block/8:0";
  DiskNames names(made_up.host.sys);
  REQUIRE(names.find(number(8, 0)));
  CHECK_FALSE(names.find(number(8, 16)));

  std::filesystem::remove(link);
  CHECK(names.refresh() == std::vector<std::uint32_t>{number(8, 0)});
  CHECK_FALSE(names.find(number(8, 0)));
  CHECK(names.refresh().empty());

  std::filesystem::create_symlink("../block/sdb", link);
  CHECK(names.refresh().empty());  // it had no name that anyone could know
  REQUIRE(names.find(number(8, 0)));
  CHECK(names.find(number(8, 0))->path == "/dev/sdb");
}
