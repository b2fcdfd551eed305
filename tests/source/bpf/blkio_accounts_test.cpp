#include "source/bpf/blkio_accounts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "support/fake_inventory.hpp"

using namespace hostmeter;
using namespace hostmeter::source::bpf;

namespace {

constexpr std::uint32_t kVda = 254U << WIRE_DEV_MINOR_BITS;
constexpr std::uint32_t kVdb = kVda | 16;

BlkioRow row(std::uint64_t cgroup_id, wire_blkio_op op, std::uint64_t bytes, std::uint64_t ops,
             std::uint32_t dev = kVda, std::uint64_t css = 7) {
  return {{cgroup_id, css, dev, std::uint32_t(op)}, {bytes, ops, 0, 0, {}}};
}

struct Fixture {
  test::FakeInventory inventory;
  std::map<std::uint64_t, wire_ancestors> ancestors;
  BlkioAccounts accounts{inventory, test::FakeInventory::kHierarchy,
                         [this](std::uint64_t id) { return ancestors[id]; }};

  void tick(std::initializer_list<BlkioRow> rows) {
    accounts.begin();
    for (const BlkioRow& one : rows) accounts.add(one);
    accounts.end();
  }
  std::uint64_t sum(Subject subject, CgroupBlkio field, std::uint32_t dev = kVda) {
    if (subject.slot >= accounts.accounts().size()) return 0;
    for (const auto& device : accounts.accounts()[subject.slot].items)
      if (device.id == dev) return device.sums.counts[std::size_t(field)];
    return 0;
  }
  bool is_spent(std::uint64_t id) {
    for (const std::uint64_t spent : accounts.spent())
      if (spent == id) return true;
    return false;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a cgroup's I/O is also its parents' and the host's") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  tick({row(11, WIRE_BLKIO_READ, 4096, 1), row(10, WIRE_BLKIO_READ, 512, 1)});
  CHECK(sum(scope, CgroupBlkio::read_bytes) == 4096);
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 4608);
  CHECK(sum(kHost, CgroupBlkio::read_bytes) == 4608);
  CHECK(sum(kHost, CgroupBlkio::read_ops) == 2);

  tick({row(11, WIRE_BLKIO_READ, 8192, 2), row(10, WIRE_BLKIO_READ, 512, 1)});
  CHECK(sum(scope, CgroupBlkio::read_bytes) == 8192);
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 8704);
  CHECK(sum(kHost, CgroupBlkio::read_ops) == 3);
}

TEST_CASE_FIXTURE(Fixture, "those that nobody waits for are added up over operations") {
  const Subject one = inventory.add(10);
  BlkioRow write = row(10, WIRE_BLKIO_WRITE, 100, 10), discard = row(10, WIRE_BLKIO_DISCARD, 50, 5);
  write.sum.async_bytes = 70;
  write.sum.async_ops = 7;
  discard.sum.async_bytes = 20;
  discard.sum.async_ops = 2;
  tick({write, discard, row(10, WIRE_BLKIO_READ, 1, 1)});
  CHECK(sum(one, CgroupBlkio::async_bytes) == 90);
  CHECK(sum(one, CgroupBlkio::async_ops) == 9);
  write.sum.async_bytes = 60;  // one is taken back
  tick({write, discard});
  CHECK(sum(one, CgroupBlkio::async_bytes) == 90);
}

TEST_CASE_FIXTURE(Fixture, "operations and devices are kept apart") {
  const Subject one = inventory.add(10);
  tick({row(10, WIRE_BLKIO_READ, 1, 2), row(10, WIRE_BLKIO_WRITE, 3, 4),
        row(10, WIRE_BLKIO_DISCARD, 5, 6), row(10, WIRE_BLKIO_FLUSH, 7, 7),  // not counted
        row(10, WIRE_BLKIO_READ, 8, 9, kVdb)});
  CHECK(sum(one, CgroupBlkio::read_bytes) == 1);
  CHECK(sum(one, CgroupBlkio::read_ops) == 2);
  CHECK(sum(one, CgroupBlkio::write_bytes) == 3);
  CHECK(sum(one, CgroupBlkio::write_ops) == 4);
  CHECK(sum(one, CgroupBlkio::discard_bytes) == 5);
  CHECK(sum(one, CgroupBlkio::discard_ops) == 6);
  CHECK(sum(one, CgroupBlkio::read_bytes, kVdb) == 8);
  CHECK(sum(one, CgroupBlkio::async_ops) == 0);
}

TEST_CASE_FIXTURE(Fixture,
                  "a cgroup whose controller was switched off and on again has both rows") {
  const Subject one = inventory.add(10);
  tick({row(10, WIRE_BLKIO_READ, 4096, 1)});
  tick({row(10, WIRE_BLKIO_READ, 4096, 1), row(10, WIRE_BLKIO_READ, 512, 1, kVda, 8)});
  CHECK(sum(one, CgroupBlkio::read_bytes) == 4608);
  tick({row(10, WIRE_BLKIO_READ, 8192, 2), row(10, WIRE_BLKIO_READ, 1024, 2, kVda, 8)});
  CHECK(sum(one, CgroupBlkio::read_bytes) == 9216);
  CHECK(sum(one, CgroupBlkio::read_ops) == 4);
}

TEST_CASE_FIXTURE(Fixture, "a row of before may go once it has not grown for 60 ticks") {
  inventory.add(10);
  inventory.add(11);
  const auto quiet = [&](int ticks) {
    bool found = false;
    for (; ticks > 0; --ticks) tick({}), found |= !accounts.outlived().empty();
    CHECK_FALSE(found);
  };
  using Rows = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  const auto idle = [&] {
    Rows found;
    for (const auto& key : accounts.outlived()) found.emplace_back(key.cgroup_id, key.css);
    std::ranges::sort(found);
    return found;
  };
  tick({row(10, WIRE_BLKIO_READ, 512, 1), row(11, WIRE_BLKIO_READ, 512, 1)});
  quiet(100);
  tick({row(10, WIRE_BLKIO_READ, 512, 1, kVda, 8)});
  quiet(9);
  tick({row(11, WIRE_BLKIO_READ, 512, 1, kVda, 8)});
  quiet(49);
  SUBCASE("each in its turn, told of until it is forgotten") {
    tick({});
    CHECK(idle() == Rows{{10, 7}});
    for (int i = 0; i < 10; ++i) tick({});
    CHECK(idle() == Rows{{10, 7}, {11, 7}});
    for (const auto& [cgroup, css] : idle()) accounts.forget({cgroup, css, kVda, WIRE_BLKIO_READ});
    CHECK(accounts.rows() == 2);
    quiet(100);
    // One that is made again is one of before at once.
    tick({row(10, WIRE_BLKIO_READ, 100, 1)});
    quiet(59);
    tick({});
    CHECK(idle() == Rows{{10, 7}});
  }
  SUBCASE("later where it grew meanwhile") {
    tick({row(10, WIRE_BLKIO_READ, 1024, 2)});
    quiet(9);
    tick({});
    CHECK(idle() == Rows{{11, 7}});
    for (int i = 0; i < 50; ++i) tick({});
    CHECK(idle() == Rows{{10, 7}, {11, 7}});
  }
}

TEST_CASE("rows of before cost those that grow nothing") {
  struct Counting : BlkioCounting {
    static bool is_same_row(const Key& a, const Key& b) {
      return ++looks(), BlkioCounting::is_same_row(a, b);
    }
    static std::size_t& looks() {
      static std::size_t count = 0;
      return count;
    }
  };
  constexpr std::uint64_t kCgroups = 200, kFirst = 1000;
  test::FakeInventory inventory;
  TreeAccounts<Counting> accounts(inventory, test::FakeInventory::kHierarchy,
                                  [](std::uint64_t) { return wire_ancestors{}; });
  for (std::uint64_t id = kFirst; id < kFirst + kCgroups; ++id) inventory.add(id);
  const auto tick = [&](std::uint64_t ops, std::uint64_t css) {
    Counting::looks() = 0;
    accounts.begin();
    for (std::uint64_t id = kFirst; id < kFirst + kCgroups; ++id)
      accounts.add(row(id, WIRE_BLKIO_READ, 512 * ops, ops, kVda, css));
    accounts.end();
    return Counting::looks();
  };
  tick(1, 7);
  tick(1, 8);
  CHECK(tick(2, 7) <= 2 * kCgroups);
  CHECK(tick(2, 8) <= 2 * kCgroups);
  for (int i = 0; i < 60; ++i) tick(3, 8);
  REQUIRE(accounts.outlived().size() == kCgroups);
  Counting::looks() = 0;
  for (const auto& key : accounts.outlived()) accounts.forget(key);
  CHECK(Counting::looks() <= 2 * kCgroups);
  CHECK(accounts.rows() == kCgroups);
}

TEST_CASE_FIXTURE(Fixture, "a request that is queued again and issued anew counts once") {
  const Subject one = inventory.add(10);
  tick({row(10, WIRE_BLKIO_WRITE, 12288, 3)});
  tick({row(10, WIRE_BLKIO_WRITE, 8192, 2)});  // one is back
  CHECK(sum(one, CgroupBlkio::write_bytes) == 12288);
  CHECK(sum(one, CgroupBlkio::write_ops) == 3);
  tick({row(10, WIRE_BLKIO_WRITE, 12288, 3)});
  CHECK(sum(one, CgroupBlkio::write_bytes) == 12288);
  tick({row(10, WIRE_BLKIO_WRITE, 16384, 4)});
  CHECK(sum(one, CgroupBlkio::write_bytes) == 16384);
  CHECK(sum(kHost, CgroupBlkio::write_ops) == 4);
}

TEST_CASE_FIXTURE(Fixture, "a row below zero is no I/O") {
  const Subject one = inventory.add(10);
  // Issued before counting began, and then queued again.
  tick({row(10, WIRE_BLKIO_READ, -4096ULL, -1ULL)});
  CHECK(sum(one, CgroupBlkio::read_bytes) == 0);
  CHECK(sum(kHost, CgroupBlkio::read_ops) == 0);
  tick({row(10, WIRE_BLKIO_READ, 512, 1)});
  CHECK(sum(one, CgroupBlkio::read_bytes) == 512);
  CHECK(sum(kHost, CgroupBlkio::read_ops) == 1);
}

TEST_CASE_FIXTURE(Fixture, "an operation nobody knows is left out") {
  tick({{{1, 7, kVda, 77}, {4096, 1, 0, 0, {}}}});
  CHECK(accounts.known() == 0);
}

TEST_CASE_FIXTURE(Fixture, "what a removed cgroup did stays with its parents") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  tick({row(11, WIRE_BLKIO_WRITE, 4096, 1)});
  inventory.remove(scope);
  ancestors[11] = {{10, 1}};

  SUBCASE("also what was issued after the last look") {
    tick({row(11, WIRE_BLKIO_WRITE, 12288, 3)});
    CHECK_FALSE(is_spent(11));
    CHECK(sum(slice, CgroupBlkio::write_bytes) == 12288);
    CHECK(sum(kHost, CgroupBlkio::write_ops) == 3);
  }
  SUBCASE("and its rows are spent once it is quiet") {
    tick({row(11, WIRE_BLKIO_WRITE, 4096, 1)});
    REQUIRE(is_spent(11));
    REQUIRE(accounts.rows_of(11).size() == 1);
    accounts.forget(accounts.rows_of(11).front().key);
    CHECK(accounts.known() == 0);
    tick({});
    CHECK(sum(slice, CgroupBlkio::write_bytes) == 4096);
    // A flusher wrote on its behalf: the row is made again and starts at 0.
    tick({row(11, WIRE_BLKIO_WRITE, 100, 1)});
    CHECK(sum(slice, CgroupBlkio::write_bytes) == 4196);
    CHECK(sum(kHost, CgroupBlkio::write_bytes) == 4196);
  }
}

TEST_CASE_FIXTURE(Fixture, "a cgroup that came and went between two ticks counts for its parents") {
  const Subject slice = inventory.add(10);
  ancestors[12] = {{11, 10, 1}};  // 11 came and went with it
  tick({row(12, WIRE_BLKIO_READ, 4096, 1)});
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 4096);
  CHECK(sum(kHost, CgroupBlkio::read_bytes) == 4096);
  for (int quiet = 0; quiet < 4; ++quiet) {
    tick({row(12, WIRE_BLKIO_READ, 4096, 1)});
    CHECK_FALSE(is_spent(12));
  }
  tick({row(12, WIRE_BLKIO_READ, 4096, 1)});
  CHECK(is_spent(12));
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 4096);
}

TEST_CASE_FIXTURE(Fixture, "a cgroup that did I/O before the inventory knew it misses nothing") {
  ancestors[12] = {{11, 10, 1}};
  tick({row(12, WIRE_BLKIO_READ, 100, 1)});
  CHECK(sum(kHost, CgroupBlkio::read_bytes) == 100);

  const Subject slice = inventory.add(10);
  tick({row(12, WIRE_BLKIO_READ, 150, 2)});
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 150);

  const Subject pod = inventory.add(11, slice), scope = inventory.add(12, pod);
  tick({row(12, WIRE_BLKIO_READ, 175, 3)});
  for (const Subject subject : {scope, pod, slice, kHost}) {
    CAPTURE(subject.slot);
    CHECK(sum(subject, CgroupBlkio::read_bytes) == 175);
    CHECK(sum(subject, CgroupBlkio::read_ops) == 3);
  }
}

TEST_CASE_FIXTURE(Fixture, "a dead cgroup is never counted twice when its parents die too") {
  const Subject slice = inventory.add(10), pod = inventory.add(11, slice);
  const Subject scope = inventory.add(12, pod);
  tick({row(12, WIRE_BLKIO_READ, 100, 1)});
  ancestors[12] = {{11, 10, 1}};
  inventory.remove(scope);
  tick({row(12, WIRE_BLKIO_READ, 110, 2)});
  CHECK(sum(pod, CgroupBlkio::read_bytes) == 110);
  inventory.remove(pod);
  tick({row(12, WIRE_BLKIO_READ, 120, 3)});
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 120);
  ancestors.clear();
  tick({row(12, WIRE_BLKIO_READ, 130, 4)});
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 120);
  ancestors[12] = {{11, 10, 1}};
  tick({row(12, WIRE_BLKIO_READ, 140, 5)});
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 130);
  CHECK(sum(kHost, CgroupBlkio::read_bytes) == 140);
  CHECK(sum(kHost, CgroupBlkio::read_ops) == 5);
}

TEST_CASE_FIXTURE(Fixture,
                  "a cgroup never known is not counted twice when its parents are not always") {
  const Subject slice = inventory.add(10);
  ancestors[12] = {{10, 1}};
  tick({row(12, WIRE_BLKIO_READ, 100, 1)});
  ancestors.clear();
  tick({row(12, WIRE_BLKIO_READ, 110, 2)});
  ancestors[12] = {{10, 1}};
  tick({row(12, WIRE_BLKIO_READ, 130, 3)});
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 120);
  CHECK(sum(kHost, CgroupBlkio::read_bytes) == 130);
}

TEST_CASE_FIXTURE(Fixture, "a cgroup made again under a slot starts at 0") {
  const Subject old = inventory.add(10);
  tick({row(10, WIRE_BLKIO_READ, 100, 1)});
  accounts.accounts()[old.slot].items[0].instances[0] = 7;
  inventory.remove(old);
  const Subject fresh = inventory.add(20);
  REQUIRE(fresh.slot == old.slot);
  tick({row(10, WIRE_BLKIO_READ, 100, 1), row(20, WIRE_BLKIO_READ, 5, 1)});
  CHECK(sum(fresh, CgroupBlkio::read_bytes) == 5);
  CHECK(sum(kHost, CgroupBlkio::read_bytes) == 105);
  CHECK(accounts.released() == std::vector<Instance>{7});
}

TEST_CASE_FIXTURE(Fixture, "I/O of no cgroup is the host's and its rows stay") {
  for (int i = 0; i < 10; ++i) tick({row(0, WIRE_BLKIO_WRITE, 4096, 1)});
  CHECK(sum(kHost, CgroupBlkio::write_bytes) == 4096);
  CHECK(accounts.spent().empty());
}

TEST_CASE_FIXTURE(Fixture, "one that departs gets what it did since the last tick") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  tick({row(11, WIRE_BLKIO_READ, 100, 1)});
  inventory.depart(scope);
  tick({row(11, WIRE_BLKIO_READ, 150, 2)});
  CHECK(sum(scope, CgroupBlkio::read_bytes) == 150);
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 150);
  CHECK(sum(kHost, CgroupBlkio::read_bytes) == 150);
  inventory.next_tick();
  tick({row(11, WIRE_BLKIO_READ, 175, 3)});  // written back after its end
  CHECK(accounts.cgroup_of(scope) == nullptr);
  CHECK(sum(kHost, CgroupBlkio::read_bytes) == 175);
  tick({row(11, WIRE_BLKIO_READ, 175, 3)});
  CHECK(is_spent(11));
}

TEST_CASE_FIXTURE(Fixture, "those that came and went together, unseen, have their own") {
  const Subject slice = inventory.add(10);
  const Subject pod = inventory.came_and_went(20, slice), box = inventory.came_and_went(21, pod);
  ancestors[22].cgroup_id[0] = 21;  // made inside the box: the tree does not know it
  tick({row(21, WIRE_BLKIO_WRITE, 300, 3), row(20, WIRE_BLKIO_WRITE, 50, 1),
        row(22, WIRE_BLKIO_WRITE, 7, 1)});
  CHECK(sum(box, CgroupBlkio::write_bytes) == 307);
  CHECK(sum(pod, CgroupBlkio::write_bytes) == 357);
  CHECK(sum(slice, CgroupBlkio::write_bytes) == 357);
  CHECK(sum(kHost, CgroupBlkio::write_bytes) == 357);
  inventory.next_tick();
  tick({});
  CHECK(accounts.accounts()[pod.slot].items.empty());
  CHECK(is_spent(21));
  CHECK(sum(slice, CgroupBlkio::write_bytes) == 357);
}

TEST_CASE_FIXTURE(Fixture, "rows that did not grow need not be told of") {
  const Subject slice = inventory.add(10), scope = inventory.add(11, slice);
  tick({row(11, WIRE_BLKIO_READ, 100, 1), row(10, WIRE_BLKIO_READ, 10, 1)});
  inventory.next_tick();
  for (int quiet = 0; quiet < 40; ++quiet) tick({});
  CHECK(accounts.known() == 2);
  CHECK(accounts.rows() == 2);
  CHECK_FALSE(is_spent(10));
  CHECK_FALSE(is_spent(11));
  tick({row(11, WIRE_BLKIO_READ, 150, 2)});
  CHECK(sum(scope, CgroupBlkio::read_bytes) == 150);
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 160);

  SUBCASE("nor those of a cgroup that is gone, for its parents to keep what it did") {
    inventory.remove(scope);
    tick({});
    CHECK(is_spent(11));
    CHECK(sum(slice, CgroupBlkio::read_bytes) == 160);
    accounts.forget(accounts.rows_of(11).front().key);
    CHECK(accounts.rows() == 1);
    inventory.next_tick();
    tick({});
    CHECK(sum(scope, CgroupBlkio::read_bytes) == 0);
  }
}

TEST_CASE_FIXTURE(Fixture, "a cgroup that the inventory comes to know gets what it did before") {
  ancestors[12] = {{10, 1}};
  const Subject slice = inventory.add(10);
  tick({row(12, WIRE_BLKIO_READ, 100, 1)});
  inventory.next_tick();
  tick({});
  const Subject scope = inventory.add(12, slice);
  tick({});  // it did nothing more
  CHECK(sum(scope, CgroupBlkio::read_bytes) == 100);
  CHECK(sum(slice, CgroupBlkio::read_bytes) == 100);
  inventory.next_tick();
  for (int quiet = 0; quiet < 40; ++quiet) tick({});
  CHECK_FALSE(is_spent(12));
}
