#include "source/bpf/unseen_io.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fake_blkio_table.hpp"
#include "hostmeter/flow/facts/disk_unseen.hpp"
#include "source/bpf/blkio_reader.hpp"
#include "support/captured.hpp"
#include "support/fake_inventory.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;

namespace {

constexpr int kMinute = int(UnseenIo::kEachTicks) + 2 * int(UnseenIo::kWaitTicks) + 1;

// A disk that says what a test wants, and the readers of block I/O, which compare.
struct Fixture {
  test::MadeUpHost made_up{"-- sys/dev/block/254:0 -> ../../devices/block/vda --\n"};
  test::FakeInventory inventory;
  test::FakeBlkioTable* table = new test::FakeBlkioTable;
  BlkioReader counts{made_up.host, inventory, test::FakeInventory::kHierarchy,
                     std::unique_ptr<BlkioTable>(table)};
  BlkioLatencyReader latencies{counts};
  test::Captured out;
  source::Tick tick;

  Fixture() { inventory.add(10); }
  void write(const std::string& text, const std::string& disk = "vda") {
    made_up.tree.write("sys/devices/block/" + disk + "/stat", text);
  }
  // Sectors.
  void disk_says(std::uint64_t read, std::uint64_t written, std::uint64_t discarded,
                 const std::string& disk = "vda") {
    write("  7 0 " + std::to_string(read) + " 1 8 0 " + std::to_string(written) + " 2 0 3 4 9 0 " +
              std::to_string(discarded) + " 5 6 7\n",
          disk);
  }
  void count(std::uint64_t blocks, wire_blkio_op op = WIRE_BLKIO_READ,
             std::uint32_t dev = test::kVda) {
    table->put(10, op, blocks * 4096, blocks, dev);
  }
  void read(int times = 1) {
    for (int i = 0; i < times; ++i) {
      out.records.clear();
      counts.read(tick, out);
      latencies.read(tick, out);
      ++tick.number;
    }
  }
  // The disk has 8 sectors since it was asked first, and they are known to be ours.
  void see_all_of_two_blocks() {
    disk_says(0, 0, 0);
    count(1);
    read(10);
    disk_says(8, 0, 0);
    count(2);
    read(kMinute);
    REQUIRE(unseen(DiskUnseen::read_bytes) == 0U);
  }
  std::size_t sent() const {
    return std::size_t(std::ranges::count(out.records, Group::disk_unseen, &Record::group));
  }
  std::size_t gone() const {
    return std::size_t(std::ranges::count_if(
        out.news, [](const NewsItem& item) { return std::holds_alternative<GoneInstance>(item); }));
  }
  // As of now.
  std::optional<std::uint64_t> unseen(DiskUnseen field, const std::string& disk = "/dev/vda") {
    tick.resend = true;
    read();
    tick.resend = false;
    for (auto item = out.news.rbegin(); item != out.news.rend(); ++item) {
      const auto* named = std::get_if<NamedInstance>(&*item);
      if (named && named->values == std::vector<std::string>{disk})
        return out.value(field, kHost, named->instance);
    }
    return {};
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "while all is seen nothing is unseen, and that need not travel") {
  disk_says(1000, 0, 0);  // of before we counted
  count(1);
  read(kMinute);
  CHECK_FALSE(unseen(DiskUnseen::read_bytes));  // it may not count at all
  disk_says(1008, 0, 0);
  count(2);
  read(kMinute);
  disk_says(1016, 0, 0);
  count(3);
  for (int i = 0; i < 2 * kMinute; ++i) {
    read();
    CHECK(sent() == 0);
  }
  CHECK(unseen(DiskUnseen::read_bytes) == 0U);
  CHECK(unseen(DiskUnseen::write_bytes) == 0U);
  CHECK(counts.take_partly_seen().empty());
}

TEST_CASE_FIXTURE(Fixture, "what a disk did and nobody counted is said, by operation") {
  disk_says(1000, 2000, 3000);
  count(1, WIRE_BLKIO_WRITE);
  read(10);
  disk_says(1000, 2000 + 24, 3000 + 2);
  count(3, WIRE_BLKIO_WRITE);  // two of the three that the disk did since
  read(kMinute);
  CHECK(unseen(DiskUnseen::write_bytes) == 4096U);
  CHECK(unseen(DiskUnseen::discard_bytes) == 1024U);
  CHECK(unseen(DiskUnseen::read_bytes) == 0U);
  CHECK(counts.take_partly_seen() == std::vector<std::string>{"/dev/vda"});
  CHECK(counts.take_partly_seen().empty());
  // It is the most that was ever sure, and more is added to it.
  count(20, WIRE_BLKIO_WRITE);
  disk_says(1000, 2000 + 19 * 8, 3000 + 4);
  read(kMinute);
  CHECK(unseen(DiskUnseen::write_bytes) == 4096U);
  CHECK(unseen(DiskUnseen::discard_bytes) == 2048U);
  CHECK(counts.take_partly_seen().empty());
}

TEST_CASE_FIXTURE(Fixture, "what was counted just before a disk is asked first was not lost") {
  disk_says(0, 0, 0);
  count(1);
  read(int(UnseenIo::kWaitTicks));
  disk_says(8, 0, 0);  // right after: the block that is counted already
  read(kMinute);
  disk_says(16, 0, 0);
  count(2);
  read(kMinute);
  CHECK(unseen(DiskUnseen::read_bytes) == 0U);
}

TEST_CASE_FIXTURE(Fixture, "what comes to be counted in the two ticks after was not lost") {
  see_all_of_two_blocks();
  // In whatever tick it is asked, the count is there two ticks later.
  for (std::uint64_t blocks = 3; blocks < 3 + 2 * UnseenIo::kEachTicks; ++blocks) {
    disk_says(8 * (blocks - 1), 0, 0);
    read(int(UnseenIo::kWaitTicks));
    count(blocks);
  }
  CHECK(unseen(DiskUnseen::read_bytes) == 0U);
}

TEST_CASE_FIXTURE(Fixture, "a disk that does not count has nothing said of it until it does") {
  std::uint64_t blocks = 1;
  const auto work = [&](bool is_counted) {
    for (int i = 0; i < 3 * kMinute; ++i) {
      if (is_counted) disk_says(8 * blocks, 0, 0);
      count(blocks++);
      read();
      if (!is_counted && i > kMinute) CHECK(sent() == 0);
    }
  };
  disk_says(0, 0, 0);
  work(false);
  CHECK_FALSE(unseen(DiskUnseen::read_bytes));
  work(true);
  CHECK(unseen(DiskUnseen::read_bytes) == 0U);
  out.news.clear();
  work(false);
  CHECK(gone() == 1);
  CHECK_FALSE(unseen(DiskUnseen::read_bytes));
}

TEST_CASE_FIXTURE(Fixture, "a file that makes no sense is an error, and what was known stays") {
  disk_says(0, 0, 0);
  count(1);
  read(10);
  disk_says(8, 0, 0);
  read(kMinute);
  REQUIRE(unseen(DiskUnseen::read_bytes) == 4096U);
  SUBCASE("no number") {
    write("7 0 x 1\n");
  }
  SUBCASE("too few") {
    write("7 0 5 1\n");
  }
  SUBCASE("empty") {
    write("");
  }
  SUBCASE("too large") {
    disk_says(1ULL << 60, 0, 0);
  }
  read(kMinute);
  CHECK(counts.parse_errors() >= 1);
  CHECK(unseen(DiskUnseen::read_bytes) == 4096U);
  disk_says(16, 0, 0);
  read(kMinute);
  CHECK(unseen(DiskUnseen::read_bytes) == 8192U);
}

TEST_CASE_FIXTURE(Fixture, "a disk that is gone has nothing said of it, and that is no error") {
  see_all_of_two_blocks();
  out.news.clear();
  std::filesystem::remove(made_up.tree.root() / "sys/devices/block/vda/stat");
  read(kMinute);
  CHECK(gone() == 1);
  CHECK_FALSE(unseen(DiskUnseen::read_bytes));
  CHECK(counts.read_errors() + counts.parse_errors() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a disk whose counters start over is compared from there") {
  disk_says(5000, 0, 0);
  count(1);
  read(2 * kMinute);
  disk_says(8, 0, 0);
  read(2 * kMinute);
  disk_says(24, 0, 0);
  count(2);  // of two
  read(2 * kMinute);
  CHECK(unseen(DiskUnseen::read_bytes) == 4096U);
}

TEST_CASE_FIXTURE(Fixture, "of many disks each gets its turn") {
  constexpr std::uint32_t kDisks = 500;
  const auto name_of = [](std::uint32_t i) { return "sd" + std::to_string(i); };
  for (std::uint32_t i = 0; i < kDisks; ++i) {
    disk_says(0, 0, 0, name_of(i));
    std::filesystem::create_symlink("../../devices/block/" + name_of(i),
                                    made_up.tree.root() / ("sys/dev/block/8:" + std::to_string(i)));
    count(1, WIRE_BLKIO_READ, 8U << WIRE_DEV_MINOR_BITS | i);
  }
  read(int(kDisks / UnseenIo::kMostLooks) + 10);
  for (std::uint32_t i = 0; i < kDisks; ++i) disk_says(8, 0, 0, name_of(i));
  read(2 * int(kDisks / UnseenIo::kMostLooks) + 10);
  CHECK(counts.take_partly_seen().size() == kDisks);
  CHECK(unseen(DiskUnseen::read_bytes, "/dev/sd0") == 4096U);
  CHECK(unseen(DiskUnseen::read_bytes, "/dev/sd499") == 4096U);
}
