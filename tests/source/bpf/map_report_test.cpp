#include "source/bpf/map_report.hpp"

#include <doctest/doctest.h>

#include "hostmeter/flow/facts/bpf_map.hpp"
#include "support/captured.hpp"

using namespace hostmeter;

TEST_CASE("both maps of an object show how full they are, the rows also what was lost") {
  InstanceIds ids{0};
  source::bpf::MapReport report(ids, "rows", "ancestors");
  test::Captured out;
  report.send(
      out,
      {.entries = 5, .max_entries = 8, .dropped = 2, .recursion_misses = {}, .max_ancestors = 9},
      4);
  const Instance rows = out.instance("rows"), ancestors = out.instance("ancestors");
  CHECK(out.value(BpfMap::entries, kHost, rows) == 5);
  CHECK(out.value(BpfMap::max_entries, kHost, rows) == 8);
  CHECK(out.value(BpfMap::dropped, kHost, rows) == 2);
  CHECK_FALSE(out.value(BpfMap::recursion_misses, kHost, rows));
  CHECK(out.value(BpfMap::entries, kHost, ancestors) == 4);
  CHECK(out.value(BpfMap::max_entries, kHost, ancestors) == 9);
  CHECK_FALSE(out.value(BpfMap::dropped, kHost, ancestors));
}

TEST_CASE("direct rows show how full they are where a table has them") {
  InstanceIds ids{0};
  source::bpf::MapReport report(ids, "rows", "ancestors", "direct");
  test::Captured out;
  source::bpf::MapHealth health;
  health.direct = 7;
  health.max_direct = 64;
  report.send(out, health, 4);
  CHECK(out.value(BpfMap::entries, kHost, out.instance("direct")) == 7);
  CHECK(out.value(BpfMap::max_entries, kHost, out.instance("direct")) == 64);
  CHECK_FALSE(out.value(BpfMap::dropped, kHost, out.instance("direct")));
}
