#include "source/proc/filefd.hpp"

#include <doctest/doctest.h>

#include "source/proc/reader_spec.hpp"
#include "support/captured.hpp"
#include "support/made_up_host.hpp"

using namespace hostmeter;

namespace hostmeter::source::proc {
extern const ReaderSpec filefd;
}

using source::proc::parse_file_nr;

TEST_CASE("open files and how many may be") {
  const auto facts = parse_file_nr("557\t0\t9223372036854775807\n");
  REQUIRE(facts);
  CHECK(facts->get(Filefd::allocated) == 557);
  CHECK(facts->get(Filefd::maximum) == 9223372036854775807);
}

TEST_CASE("a file-nr that is not one is refused") {
  for (const char* text :
       {"", "557", "557\t0\n", "557\t0\t-1\n", "a b c\n", "1\t0\t99999999999999999999\n"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_file_nr(text));
  }
}

TEST_CASE("file-nr is read below proc/sys") {
  test::MadeUpHost made_up("-- proc/sys/fs/file-nr --\n9\t0\t10\n");
  const auto reader = source::proc::filefd.make(made_up.host, {});
  test::Captured out;
  reader->read({}, out);
  CHECK(out.value(Filefd::allocated) == 9);
}
