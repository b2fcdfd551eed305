#include "source/cgroup/memory_stat.hpp"

#include <doctest/doctest.h>

#include "support/cgroup_host.hpp"

using namespace hostmeter;
using namespace hostmeter::source::cgroup;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr const char* kV1 =
    "cache 1\nrss 2\nrss_huge 3\nmapped_file 4\nwriteback 5\npgpgin 6\npgpgout 7\ninactive_anon 8\n"
    "active_anon 9\ninactive_file 10\nactive_file 11\nunevictable 12\n"
    "hierarchical_memory_limit 9223372036854771712\ntotal_rss_huge 13\ntotal_pgpgin 14\n"
    "total_pgpgout 15\ntotal_inactive_anon 16\ntotal_active_anon 17\ntotal_unevictable 18\n";
const std::string kId(64, 'a'), kOther(64, 'b');

}  // namespace

TEST_CASE("every key of v1, its own and with all below") {
  const auto facts = parse_memory_stat_parts_v1(kV1);
  REQUIRE(facts);
  using Field = CgroupMemoryStat;
  for (const auto& [field, value] : {std::pair{Field::own_cache, 1U},
                                     {Field::own_rss, 2U},
                                     {Field::own_rss_huge, 3U},
                                     {Field::own_mapped_file, 4U},
                                     {Field::own_writeback, 5U},
                                     {Field::own_paged_in, 6U},
                                     {Field::own_paged_out, 7U},
                                     {Field::own_inactive_anon, 8U},
                                     {Field::own_active_anon, 9U},
                                     {Field::own_inactive_file, 10U},
                                     {Field::own_active_file, 11U},
                                     {Field::own_unevictable, 12U},
                                     {Field::rss_huge, 13U},
                                     {Field::paged_in, 14U},
                                     {Field::paged_out, 15U},
                                     {Field::inactive_anon, 16U},
                                     {Field::active_anon, 17U},
                                     {Field::unevictable, 18U}})
    CHECK(facts->get(field) == value);
  CHECK(facts->get(Field::hierarchical_limit) == 9'223'372'036'854'771'712U);
}

TEST_CASE("v2 has three of them, and of all together") {
  const auto facts =
      parse_memory_stat_parts("anon 1\ninactive_anon 2\nactive_anon 3\nunevictable 4\npgfault 5\n");
  REQUIRE(facts);
  CHECK(facts->get(CgroupMemoryStat::inactive_anon) == 2);
  CHECK(facts->get(CgroupMemoryStat::active_anon) == 3);
  CHECK(facts->get(CgroupMemoryStat::unevictable) == 4);
  CHECK_FALSE(facts->get(CgroupMemoryStat::own_active_anon));
  for (const char* text : {"", "active_anon 1", "active_anon x\n", "unevictable -1\n"}) {
    CHECK_FALSE(parse_memory_stat_parts(text));
    CHECK_FALSE(parse_memory_stat_parts_v1(text));
  }
}

TEST_CASE("read of containers only, when they come and at each multiple of the interval") {
  test::CgroupHost host(test::kV1Mounts);
  const std::string file = "cg/memory/docker/" + kId + "/memory.stat";
  host.write(file, kV1);
  host.write("cg/memory/plain/memory.stat", kV1);
  MemoryStatReader reader(host.tree, host.files, {.memory_stat = {{.interval_ns = 15 * kSecond}}});
  const auto own_rss = [&](const std::string& id) {
    return host.out.value(CgroupMemoryStat::own_rss, host.subject("/docker/" + id));
  };
  host.now.realtime_ns = 16 * kSecond;
  host.tick(reader);
  CHECK(own_rss(kId) == 2);
  CHECK_FALSE(host.out.value(CgroupMemoryStat::own_rss, host.subject("/plain")));

  host.write(file, "rss 20\n");
  host.write("cg/memory/docker/" + kOther + "/memory.stat", "rss 30\n");
  host.now.realtime_ns = 29 * kSecond;
  host.tick(reader);
  CHECK_FALSE(own_rss(kId));
  CHECK(own_rss(kOther) == 30);
  host.now.realtime_ns = 30 * kSecond;
  host.tick(reader);
  CHECK(own_rss(kId) == 20);
  host.tick(reader);
  CHECK_FALSE(own_rss(kId));
  host.tick(reader, true);
  CHECK(own_rss(kId) == 20);
  CHECK(reader.parse_errors() == 0);
}

TEST_CASE("a damaged file costs its figures, and is counted") {
  test::CgroupHost host(test::kV2Mounts);
  host.write("cg/docker/" + kId + "/memory.stat", "active_anon 5\n");
  MemoryStatReader reader(host.tree, host.files, {.memory_stat = {{.interval_ns = 15 * kSecond}}});
  host.tick(reader);
  const Subject one = host.subject("/docker/" + kId);
  CHECK(host.out.value(CgroupMemoryStat::active_anon, one) == 5);
  host.write("cg/docker/" + kId + "/memory.stat", "active_anon five\n");
  host.now.realtime_ns = 15 * kSecond;
  host.tick(reader);
  CHECK(host.out.records.size() > 0);  // what there was is taken back
  CHECK_FALSE(host.out.value(CgroupMemoryStat::active_anon, one));
  CHECK(reader.parse_errors() == 1);
}

TEST_CASE("of too many those left over have their turn in the next tick") {
  Gathers gathers({{.interval_ns = 15 * kSecond}}, 2);
  std::uint64_t seen[3] = {};
  const auto turns = [&](std::uint64_t second) {
    source::Tick tick;
    tick.realtime_ns = second * kSecond;
    gathers.begin(tick);
    int taken = 0;
    for (std::uint64_t& one : seen) taken += int(gathers.take_turn(one));
    return taken;
  };
  CHECK(turns(15) == 2);
  CHECK(turns(16) == 1);
  CHECK(turns(17) == 0);
  CHECK(turns(30) == 2);
  CHECK(turns(31) == 1);
  CHECK(turns(20) == 2);  // the clock was set back
}

TEST_CASE("nobody waits for ever when one interval is too short for all") {
  Gathers gathers({{.interval_ns = kSecond}}, 2);
  std::uint64_t seen[5] = {};
  int turns[5] = {};
  for (std::uint64_t second = 1; second <= 30; ++second) {
    source::Tick tick;
    tick.realtime_ns = second * kSecond;
    gathers.begin(tick);
    for (std::size_t i = 0; i < 5; ++i) turns[i] += int(gathers.take_turn(seen[i]));
  }
  for (const int each : turns) CHECK(each >= 9);
}
