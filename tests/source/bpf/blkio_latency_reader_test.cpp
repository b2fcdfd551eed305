#include "source/bpf/blkio_latency_reader.hpp"

#include <doctest/doctest.h>

#include <map>

#include "hostmeter/flow/facts/bpf_map.hpp"
#include "hostmeter/flow/facts/cgroup_blkio_latency.hpp"
#include "support/captured.hpp"
#include "support/fake_inventory.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;

namespace {

constexpr std::uint32_t kVda = 254U << WIRE_DEV_MINOR_BITS;

struct FakeTable final : BlkioLatencyTable {
  using Row = CountsRow<wire_blkio_key, wire_latency>;
  std::vector<Row> kept;
  int failure = 0;

  static bool is(const wire_blkio_key& a, const wire_blkio_key& b) {
    return a.cgroup_id == b.cgroup_id && a.dev == b.dev && a.op == b.op;
  }
  void put(std::uint64_t cgroup_id, wire_blkio_op op, std::size_t bucket, std::uint32_t count,
           std::uint64_t ns) {
    const wire_blkio_key key{cgroup_id, cgroup_id + 7, kVda, std::uint32_t(op)};
    std::erase_if(kept, [&](const Row& row) { return is(row.key, key); });
    kept.push_back({key, {}});
    kept.back().sum.count[bucket] = count;
    kept.back().sum.sum_ns = ns;
  }
  Result<std::span<const Row>> rows() override {
    if (failure != 0) return Error{failure, "read a BPF map"};
    return std::span<const Row>(kept);
  }
  Result<std::optional<wire_latency>> row(const wire_blkio_key& key) override {
    for (const Row& row : kept)
      if (is(row.key, key)) return std::optional(row.sum);
    return std::optional<wire_latency>();
  }
  wire_ancestors ancestors(std::uint64_t) override { return {}; }
  bool erase(const wire_blkio_key& key) override {
    std::erase_if(kept, [&](const Row& row) { return is(row.key, key); });
    return true;
  }
  void erase_ancestors(std::uint64_t) override {}
  MapHealth health() override { return {kept.size(), 4096, 1, 2U, 4096}; }
};

struct Fixture {
  test::MadeUpHost made_up{"-- sys/dev/block/254:0 -> ../../devices/block/vda --\n"};
  test::FakeInventory inventory;
  FakeTable* table = new FakeTable;
  BlkioLatencyReader reader{made_up.host, inventory, test::FakeInventory::kHierarchy,
                            std::unique_ptr<BlkioLatencyTable>(table)};
  test::Captured out;
  source::Tick tick;

  void read() {
    out.records.clear();
    reader.read(tick, out);
    ++tick.number;
  }
  Instance of(Subject subject, std::string_view operation) {
    for (const NewsItem& item : out.news) {
      const auto* named = std::get_if<NamedInstance>(&item);
      if (named && named->subject == subject &&
          named->values == std::vector<std::string>{"/dev/vda", std::string(operation)})
        return named->instance;
    }
    return 0;
  }
};

constexpr auto kFirst = std::size_t(CgroupBlkioLatency::first_bucket);

}  // namespace

TEST_CASE_FIXTURE(Fixture, "operations are apart, fast ones are in the lowest bucket shown") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  table->put(11, WIRE_BLKIO_READ, 1, 3, 6'000);
  table->put(11, WIRE_BLKIO_FLUSH, 23, 1, 9'000'000'000);
  read();
  for (const Subject subject : {scope, slice, kHost}) {
    const Instance read = of(subject, "Read"), flush = of(subject, "Flush");
    REQUIRE(read != 0);
    REQUIRE(flush != 0);
    CHECK(out.value(CgroupBlkioLatency::sum_ns, subject, read) == 6'000);
    CHECK(out.value(CgroupBlkioLatency::first_bucket, subject, read) == 3);
    CHECK(out.value(CgroupBlkioLatency(kFirst + 20), subject, flush) == 1);
    CHECK(out.value(CgroupBlkioLatency::first_bucket, subject, flush) == 0);
  }
  CHECK(reader.timed(scope, kVda, WIRE_BLKIO_READ) == 3U);
  CHECK(reader.timed(scope, kVda, WIRE_BLKIO_WRITE) == 0U);
  CHECK(reader.timed(kHost, kVda, WIRE_BLKIO_FLUSH) == 1U);
  CHECK(out.value(BpfMap::recursion_misses, kHost, out.instance("blkio_latencies")) == 2);
}

TEST_CASE_FIXTURE(Fixture, "what did not change need not travel") {
  inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4, 1, 20'000);
  read();
  const auto sent = [&] {
    std::size_t records = 0;
    for (const Record& record : out.records) records += record.group == Group::cgroup_blkio_latency;
    return records;
  };
  CHECK(sent() == 2 * Facts<CgroupBlkioLatency>::kParts);
  read();
  CHECK(sent() == 0);
  tick.resend = true;
  read();
  CHECK(sent() == 2 * Facts<CgroupBlkioLatency>::kParts);
}

TEST_CASE_FIXTURE(Fixture, "when the map cannot be read latencies are absent, and nobody guesses") {
  const Subject one = inventory.add(10);
  table->put(10, WIRE_BLKIO_READ, 4, 1, 20'000);
  CHECK_FALSE(reader.timed(one, kVda, WIRE_BLKIO_READ));  // before the first reading
  read();
  const Instance disk = of(one, "Read");
  table->failure = EPERM;
  read();
  CHECK(std::any_of(out.records.begin(), out.records.end(), [&](const Record& record) {
    return record.instance == disk && record.present == 0;
  }));
  CHECK_FALSE(reader.timed(one, kVda, WIRE_BLKIO_READ));
  CHECK(reader.read_errors() == 1);
  table->failure = 0;
  read();
  CHECK(out.value(CgroupBlkioLatency::sum_ns, one, disk) == 20'000);
}
