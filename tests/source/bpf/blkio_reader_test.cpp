#include "source/bpf/blkio_reader.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "fake_blkio_table.hpp"
#include "hostmeter/flow/facts/bpf_map.hpp"
#include "support/captured.hpp"
#include "support/fake_inventory.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;

namespace {

using test::kVda;

struct Fixture {
  test::MadeUpHost made_up{
      "-- sys/dev/block/254:0 -> ../../devices/block/vda --\n"
      "-- sys/dev/block/254:16 -> ../../devices/block/vdb --\n"};
  test::FakeInventory inventory;
  test::FakeBlkioTable* table = new test::FakeBlkioTable;
  BlkioReader reader{made_up.host, inventory, test::FakeInventory::kHierarchy,
                     std::unique_ptr<BlkioTable>(table)};
  test::Captured out;
  source::Tick tick;

  void read() {
    out.clear();
    reader.read(tick, out);
    ++tick.number;
  }
};

// Of a tick in which one cgroup has figures, and so the host.
constexpr std::size_t kRecords = 2 * Facts<CgroupBlkio>::kParts;

template <class Field>
std::size_t sent(const test::Captured& out, Field field) {
  std::size_t records = 0;
  for (const Record& record : out.records) records += record.group == group_of(field);
  return records;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a cgroup's figures come with the name of the disk") {
  const Subject one = inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4096, 1);
  read();
  const Instance disk = out.instance("/dev/vda", one);
  REQUIRE(disk != 0);
  CHECK(out.value(CgroupBlkio::read_bytes, one, disk) == 4096);
  CHECK(out.value(CgroupBlkio::read_ops, one, disk) == 1);
  CHECK(out.value(CgroupBlkio::write_bytes, one, disk) == 0);
  const Instance hosts = out.instance("/dev/vda", kHost);
  REQUIRE(hosts != 0);
  CHECK(hosts != disk);
  CHECK(out.value(CgroupBlkio::read_bytes, kHost, hosts) == 4096);
  CHECK(std::get<NamedInstance>(out.news[0]).values ==
        std::vector<std::string>{"/dev/vda", "254", "0"});
  CHECK(reader.mode() == source::Mode::bpf);
}

TEST_CASE_FIXTURE(Fixture, "what did not change need not travel, unless the last tick was lost") {
  inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4096, 1);
  read();
  CHECK(sent(out, CgroupBlkio::read_bytes) == kRecords);
  read();
  CHECK(sent(out, CgroupBlkio::read_bytes) == 0);
  CHECK(out.news.empty());
  tick.resend = true;
  read();
  CHECK(sent(out, CgroupBlkio::read_bytes) == kRecords);
  CHECK(out.news.empty());
}

TEST_CASE_FIXTURE(Fixture, "a nested cgroup is not shown, its I/O is the outer one's") {
  const Subject outer = inventory.add(10), nested = inventory.add(11, outer);
  inventory.do_not_serve(nested);
  table->put(11, WIRE_BLKIO_WRITE, 512, 1);
  read();
  CHECK(out.instance("/dev/vda", nested) == 0);
  CHECK(out.value(CgroupBlkio::write_bytes, outer, out.instance("/dev/vda", outer)) == 512);
}

TEST_CASE_FIXTURE(Fixture,
                  "rows of a removed cgroup leave the map, its I/O stays with the parent") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  table->put(11, WIRE_BLKIO_READ, 4096, 1);
  table->put(11, WIRE_BLKIO_WRITE, 512, 1);
  table->above[11] = {{10, 1}};
  read();
  const Instance disk = out.instance("/dev/vda", slice);
  inventory.remove(scope);
  read();
  CHECK(table->kept.empty());
  CHECK(table->above.empty());
  tick.resend = true;
  read();
  CHECK(out.value(CgroupBlkio::read_bytes, slice, disk) == 4096);
  CHECK(out.value(CgroupBlkio::write_bytes, slice, disk) == 512);
}

TEST_CASE_FIXTURE(Fixture, "what is counted while rows are erased is not lost") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  table->put(11, WIRE_BLKIO_WRITE, 512, 1);
  table->above[11] = {{10, 1}};
  read();
  const Instance disk = out.instance("/dev/vda", slice);
  inventory.remove(scope);
  table->before_row = [this] { table->put(11, WIRE_BLKIO_WRITE, 1536, 2); };
  read();
  CHECK(out.value(CgroupBlkio::write_bytes, slice, disk) == 1536);
  CHECK(out.value(CgroupBlkio::write_ops, slice, disk) == 2);
  CHECK(table->kept.size() == 1);
  read();
  read();
  CHECK(table->kept.empty());
  CHECK(table->above.empty());
  tick.resend = true;
  read();
  CHECK(out.value(CgroupBlkio::write_bytes, slice, disk) == 1536);
}

TEST_CASE_FIXTURE(Fixture, "rows from before a controller was switched off and on are erased") {
  const Subject one = inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4096, 1);
  table->put(10, WIRE_BLKIO_WRITE, 4096, 1);
  read();
  const Instance disk = out.instance("/dev/vda", one);
  table->put(10, WIRE_BLKIO_READ, 4096, 1, kVda, 9);
  table->put(10, WIRE_BLKIO_READ, 4096, 1, kVda, 8);  // in whatever order
  read();
  CHECK(out.value(CgroupBlkio::read_ops, one, disk) == 3);
  // What was under way is still of the state of then, and may come late.
  for (int i = 0; i < 50; ++i) read();
  table->put(10, WIRE_BLKIO_READ, 12288, 3);
  read();
  CHECK(out.value(CgroupBlkio::read_ops, one, disk) == 5);
  for (int i = 0; i < 50; ++i) read();
  CHECK(table->kept.size() == 3);  // of 7 and 9
  for (int i = 0; i < 50; ++i) read();
  CHECK(table->kept.size() == 2);
  // One that comes after all is counted, and erased in its turn.
  table->put(10, WIRE_BLKIO_READ, 4096, 1, kVda, 8);
  read();
  CHECK(out.value(CgroupBlkio::read_ops, one, disk) == 6);
  for (int i = 0; i < 100; ++i) read();
  CHECK(table->kept.size() == 2);
  table->put(10, WIRE_BLKIO_READ, 8192, 2, kVda, 9);
  read();
  CHECK(out.value(CgroupBlkio::read_ops, one, disk) == 7);
}

TEST_CASE_FIXTURE(Fixture, "what such rows had is a cgroup's that comes to be known later") {
  table->put(10, WIRE_BLKIO_READ, 4096, 1, kVda, 7);
  for (std::uint64_t ops = 1; ops <= 100; ++ops) {
    table->put(10, WIRE_BLKIO_READ, 4096 * ops, ops, kVda, 8);
    read();
  }
  const Subject one = inventory.add(10);
  read();
  CHECK(out.value(CgroupBlkio::read_ops, one, out.instance("/dev/vda", one)) == 101);
}

TEST_CASE_FIXTURE(Fixture, "a row that was erased alone, and made again, starts over") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  table->put(11, WIRE_BLKIO_READ, 4096, 1);
  table->put(11, WIRE_BLKIO_WRITE, 512, 1);
  table->above[11] = {{10, 1}};
  read();
  const Instance disk = out.instance("/dev/vda", slice);
  inventory.remove(scope);
  table->erasable = 1;
  read();
  REQUIRE(table->kept.size() == 1);
  CHECK(table->above.size() == 1);
  const bool lost_read = table->kept[0].key.op == WIRE_BLKIO_WRITE;
  table->put(11, lost_read ? WIRE_BLKIO_READ : WIRE_BLKIO_WRITE, 100, 1);
  tick.resend = true;
  read();
  CHECK(out.value(CgroupBlkio::read_bytes, slice, disk) == (lost_read ? 4196 : 4096));
  CHECK(out.value(CgroupBlkio::write_bytes, slice, disk) == (lost_read ? 512 : 612));
  table->erasable = 1000;
  read();
  CHECK(table->kept.empty());
  CHECK(table->above.empty());
}

TEST_CASE_FIXTURE(Fixture, "a disk that sysfs does not name is shown by its number, then by name") {
  const Subject one = inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4096, 1, kVda | 7);
  read();
  const Instance before = out.instance("/dev/block/254:7", one);
  REQUIRE(before != 0);
  CHECK(out.value(CgroupBlkio::read_bytes, one, before) == 4096);
  std::filesystem::create_symlink("../../devices/block/vda7",
                                  made_up.tree.root() / "sys/dev/block/254:7");
  bool told = false;
  Instance after = 0;
  for (int i = 0; i < 61 && after == 0; ++i) {
    read();
    for (const NewsItem& item : out.news)
      if (const auto* gone = std::get_if<GoneInstance>(&item)) told |= gone->instance == before;
    after = out.instance("/dev/vda7", one);
  }
  CHECK(told);
  REQUIRE(after != 0);
  CHECK(out.value(CgroupBlkio::read_bytes, one, after) == 4096);
}

TEST_CASE_FIXTURE(Fixture, "a number that another disk took gets another instance, from 0") {
  const Subject one = inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4096, 1);
  read();
  const Instance before = out.instance("/dev/vda", one);
  for (int i = 0; i < 130; ++i) read();  // the names are looked at again, and nothing is new
  const auto link = made_up.tree.root() / "sys/dev/block/254:0";
  std::filesystem::remove(link);
  std::filesystem::create_symlink("../../devices/block/vdc", link);
  bool told = false;
  for (int i = 0; i < 61; ++i) {
    read();
    for (const NewsItem& item : out.news)
      if (const auto* gone = std::get_if<GoneInstance>(&item)) told |= gone->instance == before;
  }
  CHECK(told);
  table->put(10, WIRE_BLKIO_READ, 4608, 2);
  read();
  const Instance after = out.instance("/dev/vdc", one);
  REQUIRE(after != 0);
  CHECK(after != before);
  CHECK(out.value(CgroupBlkio::read_bytes, one, after) == 512);
}

TEST_CASE_FIXTURE(Fixture, "when the map cannot be read its figures are absent, then right again") {
  const Subject one = inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4096, 1);
  read();
  const Instance disk = out.instance("/dev/vda", one);
  table->failure = EPERM;
  read();
  CHECK(sent(out, CgroupBlkio::read_bytes) == kRecords);
  CHECK_FALSE(out.value(CgroupBlkio::read_bytes, one, disk));
  CHECK(reader.read_errors() == 1);
  table->failure = 0;
  read();
  CHECK(out.value(CgroupBlkio::read_bytes, one, disk) == 4096);
}

TEST_CASE_FIXTURE(Fixture, "the map's fill level and losses are shown") {
  inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4096, 1);
  table->put(10, WIRE_BLKIO_WRITE, 4096, 1);
  table->dropped = 3;
  read();
  const Instance map = out.instance("blkio_rows");
  REQUIRE(map != 0);
  CHECK(out.value(BpfMap::entries, kHost, map) == 2);
  CHECK(out.value(BpfMap::max_entries, kHost, map) == 16384);
  CHECK(out.value(BpfMap::dropped, kHost, map) == 3);
  CHECK(out.value(BpfMap::recursion_misses, kHost, map) == 2);
  CHECK(out.value(BpfMap::entries, kHost, out.instance("blkio_ancestors")) == 1);
}

TEST_CASE("a recorded host has no kernel to count in") {
  test::MadeUpHost made_up("");
  test::FakeInventory inventory;
  const auto reader = make_blkio_reader(made_up.host, inventory, 0, {});
  REQUIRE_FALSE(reader);
  CHECK(reader.error().code == EOPNOTSUPP);
  CHECK_FALSE(reader.error().what.empty());
}

TEST_CASE_FIXTURE(Fixture, "one that came and went is sent once, and its number kept for a tick") {
  const Subject brief = inventory.came_and_went(30);
  table->put(30, WIRE_BLKIO_WRITE, 4096, 1);
  read();
  const Instance vda = out.instance("/dev/vda", brief);
  REQUIRE(vda != 0);
  CHECK(out.value(CgroupBlkio::write_bytes, brief, vda) == 4096);
  const Instance meanwhile = made_up.host.instances.take();
  constexpr std::uint32_t kIndex = (1U << InstanceIds::kIndexBits) - 1;
  CHECK((meanwhile & kIndex) != (vda & kIndex));
  inventory.next_tick();
  read();
  CHECK_FALSE(out.value(CgroupBlkio::write_bytes, brief, vda));
  made_up.host.instances.settle();
  CHECK((made_up.host.instances.take() & kIndex) == (vda & kIndex));
}
