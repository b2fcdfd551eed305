#include "hostmeter/flow/instances.hpp"

#include <doctest/doctest.h>

#include "support/captured.hpp"

using namespace hostmeter;

TEST_CASE("a number given back is not soon the same again, and producers never share one") {
  InstanceIds a(0), b(1);
  const Instance first = a.take();
  a.give_back(first);
  const Instance second = a.take();
  CHECK(first != second);
  CHECK(b.take() != first);
  CHECK(b.take() != second);
}

TEST_CASE("a number is not used again before a tick was whole since it was given back") {
  constexpr Instance kIndex = (1U << InstanceIds::kIndexBits) - 1;
  InstanceIds ids(0);
  const Instance first = ids.take();
  ids.give_back(first);
  CHECK((ids.take() & kIndex) != (first & kIndex));
  ids.settle();
  const Instance again = ids.take();
  CHECK((again & kIndex) == (first & kIndex));
  CHECK(again != first);
}

TEST_CASE(
    "an instance is announced once, found again in any order, and gone when no longer listed") {
  InstanceIds ids(0);
  InstanceSet disks(ids, kHost);
  test::Captured out;
  disks.begin();
  const Instance sda = disks.get(out, "sda", "8:0");
  const Instance sdb = disks.get(out, "sdb", "8:16");
  disks.end(out);
  CHECK(sda != sdb);
  CHECK(out.news.size() == 2);

  disks.begin();
  CHECK(disks.get(out, "sdb", "8:16") == sdb);
  CHECK(disks.get(out, "sda", "8:0") == sda);
  disks.end(out);
  CHECK(out.news.size() == 2);

  disks.begin();
  CHECK(disks.get(out, "sdb", "8:16") == sdb);
  disks.end(out);
  REQUIRE(out.news.size() == 3);
  CHECK(std::get<GoneInstance>(out.news[2]).instance == sda);
  CHECK(disks.size() == 1);
}

TEST_CASE("one of the label values changed: another instance") {
  InstanceIds ids(0);
  InstanceSet set(ids, kHost);
  test::Captured out;
  const Instance up = set.get(out, "eth0", "up");
  CHECK(set.get(out, "eth0", "down") != up);
}
