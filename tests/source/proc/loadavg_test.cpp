#include "source/proc/loadavg.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;
using source::proc::parse_loadavg;

namespace hostmeter::source::proc {
extern const ReaderSpec loadavg;
}

TEST_CASE("load averages of a busy host") {
  const auto facts = parse_loadavg("12.52 0.58 0.09 3/723 9871\n");
  REQUIRE(facts);
  CHECK(facts->get_real(Loadavg::one_minute) == 12.52);
  CHECK(facts->get_real(Loadavg::fifteen_minutes) == 0.09);
}

TEST_CASE("a loadavg that is not one is refused") {
  for (const char* text : {"", "1 2", "a b c", "-1 0 0 1/1 1", "nan 0 0", "1e999 0 0"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_loadavg(text));
  }
}

TEST_CASE("a damaged loadavg takes its values back and counts one error") {
  test::MadeUpHost made_up("-- proc/loadavg --\n0.5 0.4 0.3 1/1 1\n");
  const auto reader = source::proc::loadavg.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.real(Loadavg::one_minute) == 0.5);

  made_up.tree.write("proc/loadavg", "garbage");
  reader->read({}, out);
  CHECK_FALSE(out.real(Loadavg::one_minute));
  CHECK(reader->parse_errors() == 1);
}
