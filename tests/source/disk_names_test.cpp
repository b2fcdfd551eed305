#include "source/disk_names.hpp"

#include <doctest/doctest.h>

#include "hostmeter/wire/blkio.h"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::DiskNames;

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
  CHECK(names.find(number(254, 0)).path == "/dev/vda");
  CHECK(names.find(number(254, 0)).major == "254");
  CHECK(names.find(number(259, 1048575)).path == "/dev/nvme0n1");
  CHECK(names.find(number(259, 1048575)).minor == "1048575");
  CHECK(names.find(number(104, 0)).path == "/dev/cciss/c0d0");
  CHECK(names.refresh().empty());
  CHECK(std::string(DiskNames::path_of(number(259, 1048575)).data()) == "dev/block/259:1048575");
  CHECK(std::string(DiskNames::path_of(number(8, 0), "/stat").data()) == "dev/block/8:0/stat");
}

TEST_CASE("a disk that sysfs does not name goes by its number until it does") {
  test::MadeUpHost made_up("-- sys/dev/block/7:0 -> nothing/ --\n");
  DiskNames names(made_up.host.sys);
  CHECK(names.find(number(7, 0)).path == "/dev/block/7:0");
  CHECK(names.find(number(259, 1)).path == "/dev/block/259:1");
  CHECK(names.find(number(259, 1)).major == "259");
  CHECK(names.refresh().empty());
  std::filesystem::create_symlink("../block/nvme0n1", made_up.tree.root() / "sys/dev/block/259:1");
  CHECK(names.find(number(259, 1)).path == "/dev/block/259:1");
  CHECK(names.refresh() == std::vector<DiskNames::Change>{{number(259, 1), false}});
  CHECK(names.find(number(259, 1)).path == "/dev/nvme0n1");
  CHECK(names.refresh().empty());
}

TEST_CASE("a number that another disk took is told once") {
  test::MadeUpHost made_up("-- sys/dev/block/8:0 -> ../block/sda --\n");
  const auto link = made_up.tree.root() / "sys/dev/block/8:0";
  DiskNames names(made_up.host.sys);
  CHECK(names.find(number(8, 0)).path == "/dev/sda");
  std::filesystem::remove(link);
  CHECK(names.refresh() == std::vector<DiskNames::Change>{{number(8, 0), true}});
  CHECK(names.find(number(8, 0)).path == "/dev/block/8:0");
  CHECK(names.refresh().empty());
  (void)names.find(number(8, 0));

  std::filesystem::create_symlink("../block/sdb", link);
  CHECK(names.refresh() == std::vector<DiskNames::Change>{{number(8, 0), false}});
  CHECK(names.find(number(8, 0)).path == "/dev/sdb");
}

TEST_CASE("a disk nobody asks for any longer is forgotten") {
  test::MadeUpHost made_up("-- sys/dev/block/8:0 -> ../block/sda --\n");
  DiskNames names(made_up.host.sys);
  (void)names.find(number(8, 0));
  CHECK(names.refresh().empty());
  CHECK(names.refresh().empty());  // not asked for in between: gone
  std::filesystem::remove(made_up.tree.root() / "sys/dev/block/8:0");
  std::filesystem::create_symlink("../block/sdb", made_up.tree.root() / "sys/dev/block/8:0");
  CHECK(names.refresh().empty());
  CHECK(names.find(number(8, 0)).path == "/dev/sdb");
}
