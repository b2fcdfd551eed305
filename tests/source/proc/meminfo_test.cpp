#include "source/proc/meminfo.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::parse_meminfo;

namespace hostmeter::source::proc {
extern const ReaderSpec meminfo;
}

TEST_CASE("memory is in bytes, huge pages are counted") {
  const auto facts = parse_meminfo(
      "MemTotal:       24684084 kB\n"
      "Active:            30396 kB\n"
      "Active(anon):       1560 kB\n"
      "VmallocTotal:   34359738367 kB\n"
      "HugePages_Total:       3\n"
      "Hugepagesize:       2048 kB\n"
      "DirectMap1G:    25165824 kB\n");
  REQUIRE(facts);
  CHECK(facts->get(Meminfo::mem_total) == 24684084ULL * 1024);
  CHECK(facts->get(Meminfo::active) == 30396 * 1024);
  CHECK(facts->get(Meminfo::active_anon) == 1560 * 1024);
  CHECK(facts->get(Meminfo::vmalloc_total) == 34359738367ULL * 1024);
  CHECK(facts->get(Meminfo::huge_pages_total) == 3);
  CHECK(facts->get(Meminfo::huge_page_size) == 2048 * 1024);
  CHECK(facts->get(Meminfo::direct_map_1g) == 25165824ULL * 1024);
}

TEST_CASE("keys in another order and keys of another kernel do no harm") {
  const auto facts = parse_meminfo("Slab: 2 kB\nFromTheFuture: 1 furlong\nMemTotal: 1 kB\n");
  REQUIRE(facts);
  CHECK(facts->get(Meminfo::slab) == 2048);
  CHECK(facts->get(Meminfo::mem_total) == 1024);
  CHECK_FALSE(facts->get(Meminfo::zswap));
}

TEST_CASE("a meminfo that is not one is refused") {
  for (const char* text :
       {"", "garbage", "MemTotal\n", "MemTotal: \n", "MemTotal: -1 kB\n", "MemTotal: 246",
        "MemTotal: 1 MB\n", "HugePages_Total: 1 kB\n", "MemTotal: 18446744073709551615 kB\n",
        "MemTotal: 99999999999999999999 kB\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_meminfo(text));
  }
}

TEST_CASE("a damaged meminfo takes its values back and counts one error") {
  test::MadeUpHost made_up("-- proc/meminfo --\nMemTotal: 1 kB\nDirectMap2M: 2 kB\n");
  const auto reader = source::proc::meminfo.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Meminfo::mem_total) == 1024);
  CHECK(out.value(Meminfo::direct_map_2m) == 2048);

  made_up.tree.write("proc/meminfo", "MemTotal: ?? kB\n");
  reader->read({}, out);
  CHECK_FALSE(out.value(Meminfo::mem_total));
  CHECK_FALSE(out.value(Meminfo::direct_map_2m));
  CHECK(reader->parse_errors() == 1);
}
