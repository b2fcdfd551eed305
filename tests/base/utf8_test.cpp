#include "hostmeter/base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hostmeter;

TEST_CASE("UTF-8 is told from what looks like it") {
  CHECK(utf8_length("") == 0);
  CHECK(utf8_length("a") == 1);
  CHECK(utf8_length("ü") == 2);
  CHECK(utf8_length("€") == 3);
  CHECK(utf8_length("😀") == 4);
  for (const char* text : {"\x80", "\xC0\x80", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xE2\x82",
                           "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    CAPTURE(unsigned(static_cast<unsigned char>(text[0])));
    CHECK(utf8_length(text) == 0);
    CHECK_FALSE(is_utf8("a" + std::string(text)));
  }
  CHECK(is_utf8(""));
  CHECK(is_utf8("aü€😀"));
}
