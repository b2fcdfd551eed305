#include "hostmeter/base/text.hpp"

#include <doctest/doctest.h>

using namespace hostmeter;

TEST_CASE("words, lines and numbers of kernel text") {
  Text text("cpu  1 2\nintr 3\n");
  Text line = text.line();
  CHECK(line.word() == "cpu");
  CHECK(line.number() == 1);
  CHECK(line.number() == 2);
  CHECK_FALSE(line.number());
  CHECK(text.line().word() == "intr");
  CHECK(text.empty());
}

TEST_CASE("a number is digits only, below 2^64") {
  CHECK(Text::to_number("18446744073709551615") == 18446744073709551615U);
  CHECK(Text::to_number("00000000000000000007") == 7);
  for (const char* bad :
       {"", "-1", "+1", "1 ", "0x1", "18446744073709551616", "99999999999999999999", "1e3"})
    CHECK_FALSE(Text::to_number(bad));
}

TEST_CASE("a real number is finite") {
  CHECK(Text::to_real("-0.25") == -0.25);
  for (const char* bad : {"", "inf", "nan", "1,5", "1e999", "0.1x"})
    CHECK_FALSE(Text::to_real(bad));
}

TEST_CASE("scaling never wraps") {
  CHECK(scaled(3, 1000) == 3000);
  CHECK_FALSE(scaled(18446744073709551615U, 2));
}
