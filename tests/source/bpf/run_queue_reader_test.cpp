#include "source/bpf/run_queue_reader.hpp"

#include <doctest/doctest.h>

#include <map>

#include "hostmeter/flow/facts/bpf_map.hpp"
#include "hostmeter/flow/facts/cgroup_run_queue.hpp"
#include "support/captured.hpp"
#include "support/fake_inventory.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;

namespace {

struct FakeTable final : RunQueueTable {
  std::vector<RunQueueRow> kept;
  std::map<std::uint64_t, wire_ancestors> above;

  void wait(std::uint64_t cgroup_id, std::uint32_t slot, std::size_t bucket, std::uint32_t waits,
            std::uint64_t ns) {
    for (RunQueueRow& row : kept)
      if (row.key.cgroup_id == cgroup_id && row.key.slot == slot) {
        row.sum.count[bucket] += waits;
        row.sum.sum_ns += ns;
        return;
      }
    kept.push_back({{cgroup_id, slot}, {}});
    wait(cgroup_id, slot, bucket, waits, ns);
  }
  Result<std::span<const RunQueueRow>> rows() override {
    return std::span<const RunQueueRow>(kept);
  }
  Result<std::optional<wire_latency>> row(const RunQueueKey& key) override {
    for (const RunQueueRow& row : kept)
      if (row.key.cgroup_id == key.cgroup_id && row.key.slot == key.slot)
        return std::optional(row.sum);
    return std::optional<wire_latency>();
  }
  wire_ancestors ancestors(std::uint64_t id) override { return above[id]; }
  bool erase(const RunQueueKey& key) override {
    std::erase_if(kept, [&](const RunQueueRow& row) {
      return row.key.cgroup_id == key.cgroup_id && row.key.slot == key.slot;
    });
    return true;
  }
  void erase_ancestors(std::uint64_t id) override { above.erase(id); }
  MapHealth health() override { return {kept.size(), 1024, 6, {}, 1024}; }
};

constexpr auto kFirst = std::size_t(CgroupRunQueueLong::first_bucket);

struct Fixture {
  test::MadeUpHost made_up{""};
  test::FakeInventory inventory;
  FakeTable* table = new FakeTable;
  RunQueueReader reader{made_up.host, inventory, test::FakeInventory::kHierarchy, 64'000,
                        std::unique_ptr<RunQueueTable>(table)};
  test::Captured out;
  source::Tick tick;

  void read() {
    tick.resend = true;
    reader.read(tick, out);
    ++tick.number;
  }
  std::uint64_t waits(Subject subject, std::size_t bucket) {
    return out.value(CgroupRunQueueLong(kFirst + bucket), subject).value_or(0);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "waits are also the parents' and the host's") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  table->wait(11, 3, 7, 5, 500'000);
  table->wait(10, 2, 8, 1, 200'000);
  read();
  CHECK(waits(scope, 0) == 5);
  CHECK(waits(slice, 0) == 5);
  CHECK(waits(slice, 1) == 1);
  CHECK(waits(kHost, 1) == 1);
  CHECK(out.value(CgroupRunQueueLong::sum_ns, scope) == 500'000);
  CHECK(out.value(CgroupRunQueueLong::sum_ns, kHost) == 700'000);
  CHECK_FALSE(out.value(CgroupRunQueue::sum_ns, scope));
  CHECK(out.value(RunQueueSettings::threshold_ns) == 64'000);
  CHECK(out.value(BpfMap::dropped, kHost, out.instance("run_queue_rows")) == 6);
}

TEST_CASE_FIXTURE(Fixture, "what did not change need not travel, unless the last tick was lost") {
  const Subject one = inventory.add(10), other = inventory.add(20);
  table->wait(10, 1, 5, 3, 100);
  table->wait(20, 2, 5, 4, 100);
  const auto next = [&] {
    out.records.clear();
    reader.read(tick, out);
    ++tick.number;
  };
  next();
  CHECK(waits(one, 0) == 3);
  CHECK(waits(other, 0) == 4);
  next();
  CHECK_FALSE(out.value(CgroupRunQueueLong::sum_ns, one));
  table->wait(10, 1, 5, 1, 100);
  next();
  CHECK(waits(one, 0) == 4);
  CHECK(waits(kHost, 0) == 8);
  CHECK_FALSE(out.value(CgroupRunQueueLong::sum_ns, other));
  tick.resend = true;
  next();
  CHECK(waits(other, 0) == 4);
}

TEST_CASE_FIXTURE(Fixture, "waits of a lower threshold's buckets are in the lowest one") {
  const Subject one = inventory.add(10);
  table->wait(10, 2, 0, 1, 1'000);
  table->wait(10, 2, 6, 2, 100'000);
  table->wait(10, 2, 7, 4, 400'000);
  table->wait(10, 2, WIRE_LATENCY_BUCKETS - 1, 1, 9'000'000'000);
  read();
  CHECK(waits(one, 0) == 7);
  CHECK(waits(one, std::size_t(CgroupRunQueueLong::count) - kFirst - 1) == 1);
}

TEST_CASE_FIXTURE(Fixture, "a css id that comes back is another cgroup's, parents keep the old") {
  const Subject slice = inventory.add(10), old = inventory.add(11, slice);
  table->wait(11, 3, 7, 5, 500'000);
  read();
  inventory.remove(old);
  const Subject fresh = inventory.add(12, slice);
  table->kept.clear();
  table->wait(12, 3, 7, 2, 200'000);  // the same slot
  out.clear();
  read();
  CHECK(waits(fresh, 0) == 2);
  CHECK(waits(slice, 0) == 7);
  for (int i = 0; i < 3; ++i) read();
  CHECK(waits(slice, 0) == 7);
  CHECK(table->kept.size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "rows of removed cgroups are released, once their end was counted") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  table->wait(11, 3, 7, 5, 500'000);
  table->above[11] = {{10, 1}};
  read();
  inventory.remove(scope);
  table->wait(11, 3, 7, 1, 100'000);
  read();
  CHECK(waits(slice, 0) == 6);
  read();
  read();
  CHECK(table->kept.empty());
  CHECK(table->above.empty());
  CHECK(waits(slice, 0) == 6);
}

TEST_CASE_FIXTURE(Fixture, "without a threshold the histogram is the whole one") {
  auto* all = new FakeTable;
  RunQueueReader whole(made_up.host, inventory, test::FakeInventory::kHierarchy, 0,
                       std::unique_ptr<RunQueueTable>(all));
  const Subject one = inventory.add(10);
  all->wait(10, 2, 0, 9, 5'000);
  whole.read(tick, out);
  CHECK(out.value(CgroupRunQueue::first_bucket, one) == 9);
  CHECK(out.value(CgroupRunQueue::sum_ns, one) == 5'000);
  CHECK_FALSE(out.value(CgroupRunQueueLong::sum_ns, one));
  CHECK(out.value(RunQueueSettings::threshold_ns) == 0);
}

TEST_CASE("the number of cgroups is that of the controller's line") {
  constexpr std::string_view kText =
      "#subsys_name\thierarchy\tnum_cgroups\tenabled\n"
      "cpuset\t3\t2\t1\ncpu\t1\t48\t1\ncpuacct\t2\t7\t1\nbroken\n";
  CHECK(cgroups_of(kText, "cpu") == 48);
  CHECK(cgroups_of(kText, "cpuacct") == 7);
  CHECK(cgroups_of(kText, "broken") == 0);
  CHECK(cgroups_of(kText, "pids") == 0);
  CHECK(cgroups_of("", "cpu") == 0);
}
