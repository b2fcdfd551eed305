#include "config/size.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::config;

TEST_CASE("sizes in every unit") {
  CHECK(parse_size("0B") == 0);
  CHECK(parse_size("512B") == 512);
  CHECK(parse_size("64KiB") == 65'536);
  CHECK(parse_size("128MiB") == 134'217'728);
  CHECK(parse_size("2GiB") == 2'147'483'648);
}

TEST_CASE("what is no size") {
  for (const char* text : {"", "B", "1", "MiB", "1MB", "1 MiB", "-1MiB", "+1MiB", "1.5MiB", "1mib",
                           "1MiB ", "0x1B", "18446744073709551615GiB", "99999999999999999999B"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text));
  }
}

TEST_CASE("a size is written in the largest unit that fits") {
  for (const char* text : {"0B", "1B", "1023B", "64KiB", "1025KiB", "128MiB", "3GiB"})
    CHECK(write_size(*parse_size(text)) == text);
  CHECK(write_size(1'048'577) == "1048577B");
}
