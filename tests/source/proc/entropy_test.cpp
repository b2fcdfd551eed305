#include "hostmeter/flow/facts/entropy.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec entropy;
}

TEST_CASE("entropy and the size of its pool, each by itself") {
  test::MadeUpHost made_up(
      "-- proc/sys/kernel/random/entropy_avail --\n256\n"
      "-- proc/sys/kernel/random/poolsize --\n-256\n");
  const auto reader = source::proc::entropy.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Entropy::available) == 256);
  CHECK_FALSE(out.value(Entropy::pool_size));
  CHECK(reader->parse_errors() == 1);
}

TEST_CASE("a number that is not one is taken back") {
  test::MadeUpHost made_up("-- proc/sys/kernel/random/entropy_avail --\n256\n");
  const auto reader = source::proc::entropy.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  for (const char* text : {"", "256 1\n", "18446744073709551616\n", "0x10\n"}) {
    CAPTURE(text);
    made_up.tree.write("proc/sys/kernel/random/entropy_avail", text);
    reader->read({}, out);
    CHECK_FALSE(out.value(Entropy::available));
  }
  CHECK(reader->parse_errors() == 4);
}
