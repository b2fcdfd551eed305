#include "source/proc/diskstats.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::parse_diskstats_line;

namespace hostmeter::source::proc {
extern const ReaderSpec diskstats;
}

namespace {

constexpr std::string_view kSda = "   8       0 sda 10 1 20 30 40 2 50 60 7 80 90 3 4 5 6 8 9";

Instance disk(const test::Captured& out, std::string_view device) {
  for (const NewsItem& item : out.news) {
    const auto* named = std::get_if<NamedInstance>(&item);
    if (named && named->values.size() == 1 && named->values[0] == device) return named->instance;
  }
  return 0;
}

const NamedInstance* info_of(const test::Captured& out, std::string_view device) {
  for (const NewsItem& item : out.news) {
    const auto* named = std::get_if<NamedInstance>(&item);
    if (named && named->values.size() == 9 && named->values[0] == device) return named;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("sectors become bytes and milliseconds nanoseconds") {
  const auto disk = parse_diskstats_line(kSda);
  REQUIRE(disk);
  CHECK(disk->name == "sda");
  CHECK(disk->facts.get(Diskstats::reads) == 10);
  CHECK(disk->facts.get(Diskstats::read_bytes) == 20 * 512);
  CHECK(disk->facts.get(Diskstats::write_ns) == 60'000'000);
  CHECK(disk->facts.get(Diskstats::in_flight) == 7);
  CHECK(disk->facts.get(Diskstats::discarded_sectors) == 5);
  CHECK(disk->facts.get(Diskstats::flush_ns) == 9'000'000);
}

TEST_CASE("what an older kernel does not count is absent, what a newer one adds is skipped") {
  const auto old = parse_diskstats_line("8 0 sda 10 1 20 30 40 2 50 60 7 80 90");
  REQUIRE(old);
  CHECK(old->facts.get(Diskstats::io_weighted_ns) == 90'000'000);
  CHECK_FALSE(old->facts.get(Diskstats::discards));
  const auto middle = parse_diskstats_line("8 0 sda 10 1 20 30 40 2 50 60 7 80 90 1 2 3 4");
  REQUIRE(middle);
  CHECK(middle->facts.get(Diskstats::discard_ns) == 4'000'000);
  CHECK_FALSE(middle->facts.get(Diskstats::flushes));
  CHECK(parse_diskstats_line(std::string(kSda) + " 77 78"));
}

TEST_CASE("a line that is none is refused") {
  for (const char* line : {"8 0", "8 0 sda", "8 0 sda 1 2 3 4", "x 0 sda 1 2 3 4 5 6 7 8 9 10 11",
                           "8 0 sda 1 2 3 4 5 6 7 8 9 10", "8 0 sda 1 2 3 4 5 6 7 8 9 10 -11",
                           "8 0 sda 1 2 18446744073709551615 4 5 6 7 8 9 10 11",
                           "8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12", "\0\0\0\x01\xff"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_diskstats_line(line));
  }
}

TEST_CASE("disks come and go, excluded ones are never shown") {
  test::MadeUpHost made_up("-- proc/diskstats --\n" + std::string(kSda) +
                           "\n   7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n");
  const auto reader = source::proc::diskstats.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  const Instance sda = disk(out, "sda");
  REQUIRE(sda != 0);
  CHECK(out.instance("loop0") == 0);

  made_up.tree.write("proc/diskstats", "8 16 sdb 1 1 1 1 1 1 1 1 1 1 1\n");
  out.clear();
  reader->read({}, out);
  CHECK(out.value(Diskstats::reads, kHost, disk(out, "sdb")) == 1);
  bool gone = false;
  for (const NewsItem& item : out.news)
    if (const auto* left = std::get_if<GoneInstance>(&item)) gone |= left->instance == sda;
  CHECK(gone);
  CHECK(reader->parse_errors() == 0);
}

TEST_CASE("a damaged line costs its own device only") {
  test::MadeUpHost made_up(
      "-- proc/diskstats --\n8 0 sda garbage\n8 16 sdb 1 1 1 1 1 1 1 1 1 1 1\n");
  const auto reader = source::proc::diskstats.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.instance("sda") == 0);
  CHECK(out.value(Diskstats::reads, kHost, disk(out, "sdb")) == 1);
  CHECK(reader->parse_errors() == 1);
}

TEST_CASE("what a disk is comes from udev, else from sysfs") {
  test::MadeUpHost made_up("-- proc/diskstats --\n" + std::string(kSda) +
                           "\n259 0 nvme0n1 1 1 1 1 1 1 1 1 1 1 1\n"
                           "-- run/udev/data/b8:0 --\nE:ID_MODEL=Disk_One\nE:ID_SERIAL=no\n"
                           "E:ID_SERIAL_SHORT=S1\nE:ID_WWN=0x5\nE:ID_PATH=pci-0\nE:ID_REVISION=2\n"
                           "-- sys/block/sda/queue/rotational --\n1\n"
                           "-- sys/block/nvme0n1/device/model --\nFast SSD       \n"
                           "-- sys/block/nvme0n1/device/firmware_rev --\nF1\n"
                           "-- sys/block/nvme0n1/wwid --\neui.1\n");
  const auto reader = source::proc::diskstats.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  const NamedInstance* sda = info_of(out, "sda");
  REQUIRE(sda);
  CHECK(sda->values ==
        std::vector<std::string>{"sda", "8", "0", "Disk_One", "pci-0", "2", "1", "S1", "0x5"});
  CHECK(out.value(DiskInfo::info, kHost, sda->instance) == 1);
  const NamedInstance* nvme = info_of(out, "nvme0n1");
  REQUIRE(nvme);
  CHECK(nvme->values ==
        std::vector<std::string>{"nvme0n1", "259", "0", "Fast SSD", "", "F1", "", "", "eui.1"});
  out.clear();
  reader->read({}, out);
  CHECK(out.news.empty());
  CHECK_FALSE(out.value(DiskInfo::info, kHost, sda->instance));  // unchanged: need not travel
}
