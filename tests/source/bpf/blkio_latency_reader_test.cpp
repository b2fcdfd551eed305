// How long block I/O took, as two readers send it.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "fake_blkio_table.hpp"
#include "hostmeter/flow/facts/cgroup_blkio_latency.hpp"
#include "source/bpf/blkio_reader.hpp"
#include "support/captured.hpp"
#include "support/fake_inventory.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;

namespace {

struct Fixture {
  test::MadeUpHost made_up{"-- sys/dev/block/254:0 -> ../../devices/block/vda --\n"};
  test::FakeInventory inventory;
  test::FakeBlkioTable* table = new test::FakeBlkioTable;
  BlkioReader counts{made_up.host, inventory, test::FakeInventory::kHierarchy,
                     std::unique_ptr<BlkioTable>(table)};
  BlkioLatencyReader reader{counts};
  test::Captured out;
  source::Tick tick;

  void read() {
    out.records.clear();
    counts.read(tick, out);
    reader.read(tick, out);
    ++tick.number;
  }
  Instance of(Subject subject, std::string_view operation, std::string_view disk = "/dev/vda") {
    for (auto item = out.news.rbegin(); item != out.news.rend(); ++item) {
      const auto* named = std::get_if<NamedInstance>(&*item);
      if (named && named->subject == subject &&
          named->values == std::vector<std::string>{std::string(disk), std::string(operation)})
        return named->instance;
    }
    return 0;
  }
  bool is_gone(Instance instance) const {
    return std::ranges::any_of(out.news, [&](const NewsItem& item) {
      const auto* gone = std::get_if<GoneInstance>(&item);
      return gone && gone->instance == instance;
    });
  }
  std::size_t sent() const {
    return std::size_t(
        std::ranges::count(out.records, Group::cgroup_blkio_latency, &Record::group));
  }
};

constexpr auto kFirst = std::size_t(CgroupBlkioLatency::first_bucket);
constexpr auto kParts = Facts<CgroupBlkioLatency>::kParts;

}  // namespace

TEST_CASE_FIXTURE(Fixture, "operations are apart, fast ones are in the lowest bucket shown") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  table->put_timed(11, WIRE_BLKIO_READ, 1, 3, 6'000);
  table->put_timed(11, WIRE_BLKIO_FLUSH, 23, 1, 9'000'000'000);
  read();
  for (const Subject subject : {scope, slice, kHost}) {
    const Instance read = of(subject, "Read"), flush = of(subject, "Flush");
    REQUIRE(read != 0);
    REQUIRE(flush != 0);
    CHECK(out.value(CgroupBlkioLatency::sum_ns, subject, read) == 6'000);
    CHECK(out.value(CgroupBlkioLatency::first_bucket, subject, read) == 3);
    CHECK(out.value(CgroupBlkioLatency(kFirst + 20), subject, flush) == 1);
    CHECK(out.value(CgroupBlkioLatency::first_bucket, subject, flush) == 0);
    CHECK(of(subject, "Write") == 0);
  }
  CHECK(reader.mode() == source::Mode::bpf);
}

TEST_CASE_FIXTURE(Fixture, "requests are those that were timed and those that were not") {
  const Subject one = inventory.add(10);
  wire_blkio io{};
  io.bytes = 5 * 4096;
  io.untimed = 2;
  io.latency.count[4] = 1;
  io.latency.count[9] = 2;
  table->put({10, 7, test::kVda, WIRE_BLKIO_WRITE}, io);
  read();
  std::uint64_t writes = 0;
  for (const NewsItem& item : out.news)
    if (const auto* named = std::get_if<NamedInstance>(&item); named && named->subject == one)
      writes += out.value(CgroupBlkio::write_ops, one, named->instance).value_or(0);
  CHECK(writes == 5);
}

TEST_CASE_FIXTURE(Fixture, "what did not change need not travel") {
  inventory.add(10);
  table->put_timed(10, WIRE_BLKIO_READ, 4, 1, 20'000);
  table->put_timed(10, WIRE_BLKIO_WRITE, 4, 1, 20'000);
  read();
  CHECK(sent() == 2 * 2 * kParts);
  read();
  CHECK(sent() == 0);
  table->put_timed(10, WIRE_BLKIO_READ, 4, 2, 30'000);
  read();
  CHECK(sent() == 2 * kParts);
  tick.resend = true;
  read();
  CHECK(sent() == 2 * 2 * kParts);
}

TEST_CASE_FIXTURE(Fixture, "what was only counted has no latency") {
  const Subject one = inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4096, 1);
  tick.resend = true;
  read();
  CHECK(sent() == 0);
  CHECK(of(one, "Read") == 0);
}

TEST_CASE_FIXTURE(Fixture, "a disk that goes by another name has its latencies by that name") {
  const Subject one = inventory.add(10);
  table->put({10, 7, test::kVda | 7, WIRE_BLKIO_READ}, [] {
    wire_blkio io{};
    io.latency.count[5] = 3;
    return io;
  }());
  read();
  const Instance before = of(one, "Read", "/dev/block/254:7");
  REQUIRE(before != 0);
  std::filesystem::create_symlink("../../devices/block/vda7",
                                  made_up.tree.root() / "sys/dev/block/254:7");
  for (int i = 0; i < 61 && of(one, "Read", "/dev/vda7") == 0; ++i) read();
  const Instance after = of(one, "Read", "/dev/vda7");
  REQUIRE(after != 0);
  CHECK(out.value(CgroupBlkioLatency(kFirst + 2), one, after) == 3);
  CHECK(is_gone(before));
}

TEST_CASE_FIXTURE(Fixture, "what another disk with the number does begins at 0") {
  const Subject one = inventory.add(10);
  table->put_timed(10, WIRE_BLKIO_READ, 5, 3, 90'000);
  read();
  const Instance before = of(one, "Read");
  REQUIRE(before != 0);
  const auto link = made_up.tree.root() / "sys/dev/block/254:0";
  std::filesystem::remove(link);
  std::filesystem::create_symlink("../../devices/block/vdc", link);
  for (int i = 0; i < 61; ++i) read();
  CHECK(of(one, "Read", "/dev/vdc") == 0);
  table->put_timed(10, WIRE_BLKIO_READ, 5, 4, 130'000);
  read();
  const Instance after = of(one, "Read", "/dev/vdc");
  REQUIRE(after != 0);
  CHECK(out.value(CgroupBlkioLatency::sum_ns, one, after) == 40'000);
  CHECK(out.value(CgroupBlkioLatency(kFirst + 2), one, after) == 1);
  CHECK(is_gone(before));
}

TEST_CASE_FIXTURE(Fixture, "time that is seen before its request is not lost") {
  const Subject one = inventory.add(10);
  wire_blkio io{};
  io.bytes = 4096;
  io.latency.sum_ns = 20'000;  // the program is between two adds
  const wire_blkio_key key{10, 7, test::kVda, WIRE_BLKIO_READ};
  table->put(key, io);
  read();
  CHECK(sent() == 0);
  io.latency.count[4] = 1;
  table->put(key, io);
  read();
  CHECK(out.value(CgroupBlkioLatency::sum_ns, one, of(one, "Read")) == 20'000);
}

TEST_CASE_FIXTURE(Fixture, "the numbers of one that is gone are given back") {
  const Subject brief = inventory.came_and_went(30);
  table->put_timed(30, WIRE_BLKIO_WRITE, 4, 1, 20'000);
  read();
  const Instance write = of(brief, "Write");
  REQUIRE(write != 0);
  CHECK(out.value(CgroupBlkioLatency::sum_ns, brief, write) == 20'000);
  inventory.next_tick();
  read();
  made_up.host.instances.settle();
  constexpr std::uint32_t kIndex = (1U << InstanceIds::kIndexBits) - 1;
  std::vector<std::uint32_t> taken;
  for (int i = 0; i < 2; ++i) taken.push_back(made_up.host.instances.take() & kIndex);
  CHECK(std::ranges::count(taken, write & kIndex) == 1);
}

TEST_CASE_FIXTURE(Fixture, "when the map cannot be read latencies are absent, then right again") {
  const Subject one = inventory.add(10);
  table->put_timed(10, WIRE_BLKIO_READ, 4, 1, 20'000);
  read();
  const Instance disk = of(one, "Read");
  table->failure = EPERM;
  read();
  CHECK(sent() == 2 * kParts);
  CHECK_FALSE(out.value(CgroupBlkioLatency::sum_ns, one, disk));
  read();
  CHECK(sent() == 0);
  CHECK(counts.read_errors() == 2);
  CHECK(reader.read_errors() == 0);
  table->failure = 0;
  read();
  CHECK(out.value(CgroupBlkioLatency::sum_ns, one, disk) == 20'000);
}
