#include "source/bpf/life_events.hpp"

#include <doctest/doctest.h>

#include <string>

#include "fake_life_table.hpp"

using namespace hostmeter;
using source::bpf::LifeEvents;

TEST_CASE("events are told apart, and hierarchies are ours by the kernel's number") {
  test::FakeLifeTable table;
  LifeEvents events(table, {{4, ""}, {0, ""}});
  table.made(0, 17, 1, 100);
  table.removed(4, 18, 90, 110, "/docker/a", {{WIRE_LIFE_MEMORY_PEAK, 4096}});
  table.killed(4, 19, 120, "java", 1 << 20);
  events.take();
  REQUIRE(events.made().size() == 1);
  CHECK(events.made()[0].hierarchy == 1);
  CHECK(events.made()[0].id == 17);
  REQUIRE(events.ends().size() == 1);
  const source::cgroup::Removed& removed = events.removed(0);
  CHECK(removed.hierarchy == 0);
  CHECK(removed.path == "/docker/a");
  CHECK(removed.made_ns == 90);
  CHECK(removed.at_ns == 110);
  CHECK(events.ends()[0].figures.get(WIRE_LIFE_MEMORY_PEAK) == 4096);
  CHECK_FALSE(events.ends()[0].figures.get(WIRE_LIFE_CPU_USAGE));
  REQUIRE(events.kills().size() == 1);
  CHECK(events.kills()[0].comm == "java");
  CHECK(events.kills()[0].bytes == 1 << 20);
  CHECK(events.malformed() == 0);
  events.take();
  CHECK(events.ends().empty());
  CHECK(events.made().empty());
}

TEST_CASE("a victim of whom the kernel says only that it was is of no cgroup") {
  test::FakeLifeTable table;
  LifeEvents events(table, {{0, ""}});
  table.killed(0, 0, 120, "", 0);
  events.take();
  REQUIRE(events.kills().size() == 1);
  CHECK_FALSE(events.kills()[0].hierarchy);
  CHECK_FALSE(events.kills()[0].bytes);
}

TEST_CASE("paths are cut to what our mount shows, and what is beside it is not for us") {
  test::FakeLifeTable table;
  LifeEvents events(table, {{0, "/part"}});
  table.removed(0, 2, 0, 1, "/part/a");
  table.removed(0, 3, 0, 1, "/party/a");
  table.removed(0, 4, 0, 1, "/other");
  table.removed(0, 5, 0, 1, "/part");
  events.take();
  REQUIRE(events.removals() == 1);
  CHECK(events.removed(0).path == "/a");
  CHECK(events.malformed() == 0);
}

TEST_CASE("what makes no sense is refused and counted, and costs nothing else") {
  test::FakeLifeTable table;
  LifeEvents events(table, {{0, ""}});
  table.tell("short", 5);
  table.made(3, 17, 1, 100);  // a hierarchy that is none of ours
  const wire_life_head unknown{WIRE_LIFE_KINDS, 0, 1, 1, 1};
  table.tell(&unknown, sizeof unknown);
  const wire_life_head cut{WIRE_LIFE_REMOVED, 0, 1, 1, 1};
  table.tell(&cut, sizeof cut);
  table.removed(0, 2, 0, 1, "");
  table.removed(0, 2, 0, 1, "no slash");
  table.removed(0, 2, 0, 1, "/" + std::string(WIRE_LIFE_PATH - 2, 'x'));  // cut by the kernel
  table.removed(0, 3, 0, 1, "/good");
  table.waiting.push_back(table.waiting.back());
  table.waiting.back().back() = std::byte{'x'};  // no end
  table.waiting.push_back(std::vector<std::byte>(sizeof(wire_life_removed) + 1));
  events.take();
  CHECK(events.removals() == 1);
  CHECK(events.made().empty());
  CHECK(events.malformed() == 9);
}

TEST_CASE("figures of several directories add up to those of one cgroup") {
  source::bpf::LifeFigures cpu, memory;
  cpu.present = 1U << WIRE_LIFE_CPU_USAGE;
  cpu.value[WIRE_LIFE_CPU_USAGE] = 5;
  memory.present = 1U << WIRE_LIFE_MEMORY_PEAK;
  memory.value[WIRE_LIFE_MEMORY_PEAK] = 7;
  cpu.add(memory);
  CHECK(cpu.get(WIRE_LIFE_CPU_USAGE) == 5);
  CHECK(cpu.get(WIRE_LIFE_MEMORY_PEAK) == 7);
  CHECK_FALSE(cpu.get(WIRE_LIFE_EXECS));
}
