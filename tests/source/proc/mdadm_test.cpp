#include "source/proc/mdadm.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::parse_md_array;

namespace hostmeter::source::proc {
extern const ReaderSpec mdadm;
}

namespace {

constexpr std::string_view kMdstat =
    "Personalities : [raid1] [raid6]\n"
    "md3 : active raid6 sda1[8] sdb1[7](F) sdc1[5] sdd1[10](S) sde1[11](S)\n"
    "      5853468288 blocks super 1.2 level 6, 64k chunk, algorithm 2 [3/2] [U_U]\n"
    "      bitmap: 0/30 pages [0KB], 65536KB chunk\n"
    "      [=>...................]  recovery =  8.5% (16775552/195310144) finish=17.0min\n"
    "\n"
    "md0 : active raid0 sdf1[0] sdg1[1]\n"
    "      314159265 blocks 64k chunks\n"
    "\n"
    "unused devices: <none>\n";

}  // namespace

TEST_CASE("an array that recovers, and one without redundancy") {
  test::MadeUpHost made_up("-- proc/mdstat --\n" + std::string(kMdstat) +
                           "-- sys/block/md3/md/raid_disks --\n4 (3)\n"
                           "-- sys/block/md3/md/degraded --\n1\n"
                           "-- sys/block/md0/md/raid_disks --\n2\n");
  const auto reader = source::proc::mdadm.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  const Instance md3 = out.instance("md3"), md0 = out.instance("md0");
  const auto value = [&](Md field, Instance array) { return out.value(field, kHost, array); };
  CHECK(value(Md::blocks, md3) == 5'853'468'288);
  CHECK(value(Md::blocks_synced, md3) == 16'775'552);
  CHECK(value(Md::disks_required, md3) == 3);
  CHECK(value(Md::disks_active, md3) == 2);
  CHECK(value(Md::disks_down, md3) == 1);
  CHECK(value(Md::disks_failed, md3) == 1);
  CHECK(value(Md::disks_spare, md3) == 2);
  CHECK(value(Md::state_recovering, md3) == 1);
  CHECK(value(Md::state_active, md3) == 0);
  CHECK(value(Md::raid_disks, md3) == 4);
  CHECK(value(Md::degraded, md3) == 1);
  CHECK(value(Md::raid_disks, md0) == 2);
  CHECK_FALSE(value(Md::degraded, md0));
  CHECK(value(Md::blocks_synced, md0) == 314'159'265);
  CHECK(value(Md::disks_active, md0) == 2);
  CHECK(value(Md::state_active, md0) == 1);
  CHECK(reader->parse_errors() == 0);
}

TEST_CASE("what an array does") {
  const auto state_of = [](std::string_view line) {
    const auto array = parse_md_array(
        "md1 : active raid1 sda[0] sdb[1]\n  100 blocks [2/2] [UU]\n" + std::string(line));
    REQUIRE(array);
    return array->facts;
  };
  CHECK(state_of("  \tresync=DELAYED\n").get(Md::state_resync) == 1);
  CHECK(state_of("  \tresync=PENDING\n").get(Md::blocks_synced) == 0);
  CHECK(state_of("  [>..]  check =  1.0% (7/100) finish=1min\n").get(Md::state_check) == 1);
  CHECK(state_of("  [>..]  check =  1.0% (7/100) finish=1min\n").get(Md::blocks_synced) == 7);
  CHECK(state_of("  bitmap: 0/1 pages\n").get(Md::blocks_synced) == 100);
  const auto inactive =
      parse_md_array("md2 : inactive sdb[2](S) sdc[1](S)\n   7932 blocks super ext\n");
  REQUIRE(inactive);
  CHECK(inactive->facts.get(Md::state_inactive) == 1);
  CHECK(inactive->facts.get(Md::disks_active) == 0);
  CHECK(inactive->facts.get(Md::disks_spare) == 2);
  CHECK(parse_md_array("md1 : active (auto-read-only) raid1 sda[0]\n  1 blocks [2/1] [U_]\n"));
}

TEST_CASE("what is no array is refused") {
  for (const char* text :
       {"", "md0", "md0 : strange raid1", "md0 : active raid1 sda[0]",
        "md0 : active raid1 sda[0]\n", "md0 : active raid1 sda[0]\n  x blocks [2/2] [UU]",
        "md0 : active raid1 sda[0]\n  1 blocks",
        "md0 : active raid1 sda[0]\n  1 blocks [2/-2] [UU]",
        "md0 : active raid1 sda[0]\n  1 blocks [", "md0 : active raid1 sda[0]\n  1 blocks [2/2]",
        "md0 : active raid1 sda[0]\n  1 blocks [2/2] [UU]\n  resync = 1% (x/1)",
        "md0 : active raid1 sda[0]\n  99999999999999999999 blocks [2/2] [UU]"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_md_array(text));
  }
}

TEST_CASE("a damaged array costs itself only; without the driver there is none") {
  test::MadeUpHost made_up("-- proc/mdstat --\nmd9 : active raid1\ngarbage\n" +
                           std::string(kMdstat));
  const auto reader = source::proc::mdadm.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.instance("md9") == 0);
  CHECK(out.instance("md0") != 0);
  CHECK(reader->parse_errors() == 2);

  test::MadeUpHost empty("");
  const auto other = source::proc::mdadm.make(empty.host, {});
  out.clear();
  other->read({}, out);
  CHECK(out.records.empty());
  CHECK(other->read_errors() == 0);
}

TEST_CASE("an attribute that is no number is refused, the array stays") {
  test::MadeUpHost made_up("-- proc/mdstat --\n" + std::string(kMdstat) +
                           "-- sys/block/md3/md/degraded --\nmany\n");
  const auto reader = source::proc::mdadm.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Md::disks_down, kHost, out.instance("md3")) == 1);
  CHECK_FALSE(out.value(Md::degraded, kHost, out.instance("md3")));
  CHECK(reader->parse_errors() == 1);
}
