#include "source/cgroup/memory.hpp"

#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

namespace {

constexpr const char* kStatV1 =
    "cache 1\nrss 2\npgfault 30\npgmajfault 4\ninactive_file 5\nactive_file 6\n"
    "hierarchical_memory_limit 9223372036854771712\ntotal_cache 100\ntotal_rss 200\n"
    "total_rss_huge 0\ntotal_mapped_file 40\ntotal_dirty 1\ntotal_writeback 2\n"
    "total_workingset_refault_anon 3\ntotal_workingset_refault_file 4\ntotal_swap 7\n"
    "total_pgfault 60\ntotal_pgmajfault 8\ntotal_inactive_file 70\ntotal_active_file 30\n";
constexpr const char* kStat =
    "anon 200\nfile 100\nkernel 55\nkernel_stack 1\nfile_mapped 40\nfile_dirty 1\n"
    "file_writeback 2\ninactive_anon 9\nactive_anon 9\ninactive_file 70\nactive_file 30\n"
    "workingset_refault_anon 3\nworkingset_refault_file 4\npgscan 5\npgsteal 6\npgfault 60\n"
    "pgmajfault 8\nthp_fault_alloc 0\n";

}  // namespace

TEST_CASE("v1 counts with everything below, and its own faults too") {
  const auto facts = parse_memory_stat_v1(kStatV1);
  REQUIRE(facts);
  CHECK(facts->get(CgroupMemory::cache) == 100);
  CHECK(facts->get(CgroupMemory::rss) == 200);
  CHECK(facts->get(CgroupMemory::inactive_file) == 70);
  CHECK(facts->get(CgroupMemory::pgfault) == 60);
  CHECK(facts->get(CgroupMemory::own_pgfault) == 30);
  CHECK(facts->get(CgroupMemory::refault_anon) == 3);
}

TEST_CASE("every key of v2 that is ours is found") {
  const auto facts = parse_memory_stat(kStat);
  REQUIRE(facts);
  for (const auto& [field, value] : {std::pair{CgroupMemory::rss, 200U},
                                     {CgroupMemory::cache, 100U},
                                     {CgroupMemory::kernel, 55U},
                                     {CgroupMemory::mapped_file, 40U},
                                     {CgroupMemory::file_dirty, 1U},
                                     {CgroupMemory::file_writeback, 2U},
                                     {CgroupMemory::inactive_file, 70U},
                                     {CgroupMemory::active_file, 30U},
                                     {CgroupMemory::refault_anon, 3U},
                                     {CgroupMemory::refault_file, 4U},
                                     {CgroupMemory::pgscan, 5U},
                                     {CgroupMemory::pgsteal, 6U},
                                     {CgroupMemory::pgfault, 60U},
                                     {CgroupMemory::own_pgmajfault, 8U}})
    CHECK(facts->get(field) == value);
}

TEST_CASE("memory files that are none are refused") {
  for (const char* text : {"", "anon", "anon 1", "anon -1\n", "file x\n", "pgfault \n",
                           "file 99999999999999999999\n", "anon 1\nfile"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_memory_stat(text));
  }
  CHECK(parse_memory_stat("unheard_of x\n")->empty());
  CHECK_FALSE(parse_memory_events("oom_kill -1\n"));
}

TEST_CASE("the working set is usage less the inactive page cache, and never below 0") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/a/memory.current", "1000\n");
  host.write("cg/a/memory.stat", kStat);
  host.write("cg/b/memory.current", "50\n");
  host.write("cg/b/memory.stat", kStat);
  host.write("cg/c/memory.current", "50\n");
  MemoryReader reader(host.tree, host.files, {});
  host.tick(reader);
  CHECK(host.out.value(CgroupMemory::usage, host.subject("/a")) == 1000);
  CHECK(host.out.value(CgroupMemory::working_set, host.subject("/a")) == 930);
  CHECK(host.out.value(CgroupMemory::working_set, host.subject("/b")) == 0);
  CHECK_FALSE(host.out.value(CgroupMemory::working_set, host.subject("/c")));
}

TEST_CASE("events, peaks and swap are looked at every few ticks, and kept in between") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/a/memory.current", "1\n");
  host.write("cg/a/memory.peak", "9\n");
  host.write("cg/a/memory.swap.current", "4\n");
  host.write("cg/a/memory.events", "low 0\nhigh 1\nmax 2\noom 0\noom_kill 3\noom_group_kill 0\n");
  MemoryReader reader(host.tree, host.files, {});
  host.tick(reader);
  const Subject a = host.subject("/a");
  CHECK(host.out.value(CgroupMemory::peak, a) == 9);
  CHECK(host.out.value(CgroupMemory::swap, a) == 4);
  CHECK(host.out.value(CgroupMemory::oom_kills, a) == 3);
  host.tick(reader, true);  // the last tick was abandoned
  CHECK(host.out.value(CgroupMemory::oom_kills, a) == 3);
  host.write("cg/a/memory.events", "high 1\nmax 2\noom_kill 4\n");
  host.write("cg/a/memory.current", "2\n");
  std::optional<std::uint64_t> kills;
  for (unsigned i = 0; i < 6 && !kills; ++i) {
    host.tick(reader);
    kills = host.out.value(CgroupMemory::oom_kills, a);
  }
  CHECK(kills == 4);
}

TEST_CASE("the root's memory.stat is looked at every 5 ticks, a container's at each") {
  for (const bool v2 : {true, false}) {
    CAPTURE(v2);
    test::CgroupHost host(v2 ? test::kV2Mounts : test::kV1Mounts);
    const std::string root = v2 ? "cg/" : "cg/memory/", name = v2 ? "anon " : "total_rss ";
    const auto write = [&](std::uint64_t value) {
      const std::string stat = name + std::to_string(value) + "\n";
      host.write(root + "a/memory.stat", stat);
      host.write(root + "memory.stat",
                 stat + "total_inactive_file " + std::to_string(1000 * value) + "\n");
      host.write("cg/memory/memory.usage_in_bytes", std::to_string(1000 * value + 7) + "\n");
    };
    write(1);
    MemoryReader reader(host.tree, host.files, {});
    host.ticks(reader, 100);  // long enough for whatever stands still
    unsigned root_looks = 0;
    for (std::uint64_t value = 2; value < 32; ++value) {
      write(value);
      host.tick(reader);
      CHECK(host.out.value(CgroupMemory::rss, host.subject("/a")) == value);
      // On v1 usage comes at every tick, what was looked at before beside it.
      const auto rss = host.out.value(CgroupMemory::rss, kHost);
      root_looks += rss == value;
      if (v2) continue;
      CHECK(host.out.value(CgroupMemory::usage, kHost) == 1000 * value + 7);
      CHECK(host.out.value(CgroupMemory::working_set, kHost) == 7);
    }
    CHECK(root_looks == 6);
    for (std::uint64_t value = 50; value < 54; ++value) {  // ticks that are far apart
      write(value);
      host.now.monotonic_ns += 1'500'000'000;
      host.tick(reader);
      CHECK(host.out.value(CgroupMemory::rss, kHost) == value);
    }
    host.tick(reader, true);
    CHECK(host.out.value(CgroupMemory::rss, kHost));
    CHECK(reader.read_errors() + reader.parse_errors() == 0);
  }
}

TEST_CASE("v1's files") {
  test::CgroupHost host(test::kV1Mounts);
  host.write("cg/memory/docker/memory.usage_in_bytes", "1000\n");
  host.write("cg/memory/docker/memory.stat", kStatV1);
  host.write("cg/memory/docker/memory.max_usage_in_bytes", "2000\n");
  host.write("cg/memory/docker/memory.failcnt", "11\n");
  host.write("cg/memory/docker/memory.kmem.usage_in_bytes", "12\n");
  host.write("cg/memory/docker/memory.oom_control",
             "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
  MemoryReader reader(host.tree, host.files, {});
  host.tick(reader);
  const Subject docker = host.subject("/docker");
  CHECK(host.out.value(CgroupMemory::working_set, docker) == 930);
  CHECK(host.out.value(CgroupMemory::peak, docker) == 2000);
  CHECK(host.out.value(CgroupMemory::failcnt, docker) == 11);
  CHECK(host.out.value(CgroupMemory::kernel, docker) == 12);
  CHECK(host.out.value(CgroupMemory::oom_kills, docker) == 2);
  CHECK(reader.read_errors() + reader.parse_errors() == 0);
}

TEST_CASE("hybrid: what was missing in the v2 tree is not waited for in v1's") {
  test::CgroupHost host(test::kV1Mounts, "-- cg/unified/late/ --\n");
  MemoryReader reader(host.tree, host.files, {});
  host.ticks(reader, 3);
  host.write("cg/memory/late/memory.usage_in_bytes", "4096\n");
  host.write("cg/memory/late/memory.max_usage_in_bytes", "8192\n");
  host.write("cg/memory/late/memory.stat", "total_rss 1024\n");
  host.tick(reader);
  const Subject late = host.subject("/late");
  CHECK(host.out.value(CgroupMemory::usage, late) == 4096);
  CHECK(host.out.value(CgroupMemory::rss, late) == 1024);
  CHECK(host.out.value(CgroupMemory::peak, late) == 8192);
}
