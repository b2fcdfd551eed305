#include "source/proc/vmstat.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::parse_vmstat;

namespace hostmeter::source::proc {
extern const ReaderSpec vmstat;
}

TEST_CASE("the counters we show among those we do not") {
  const auto facts = parse_vmstat(
      "nr_free_pages 6096322\npgpgin 100\npgpgout 200\npswpin 3\npgalloc_dma 9\npgfault 5\n"
      "pgmajfault 1\noom_kill 0\nnr_unstable 0\n");
  REQUIRE(facts);
  CHECK(facts->get(Vmstat::pgpgin) == 100);
  CHECK(facts->get(Vmstat::pgpgout) == 200);
  CHECK(facts->get(Vmstat::pswpin) == 3);
  CHECK(facts->get(Vmstat::pgmajfault) == 1);
  CHECK(facts->get(Vmstat::oom_kill) == 0);
  CHECK_FALSE(facts->get(Vmstat::pswpout));
}

TEST_CASE("a vmstat that is not one is refused") {
  for (const char* text : {"", "garbage\n", "pgpgin\n", "pgpgin x\n", "pgpgin -5\n",
                           "pgpgin 18446744073709551616\n", "pgpgin 1\npgpgout x\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_vmstat(text));
  }
}

TEST_CASE("vmstat is read below proc") {
  test::MadeUpHost made_up("-- proc/vmstat --\npgfault 77\n");
  const auto reader = source::proc::vmstat.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Vmstat::pgfault) == 77);
  CHECK(reader->parse_errors() == 0);
}
