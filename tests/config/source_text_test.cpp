#include "config/source_text.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::config;

TEST_CASE("ordinary text passes, also with a byte order mark, tabs and CRLF") {
  for (const char* text : {"", "a = 1\r\n\tb = \"ü€😀\"\r\n",
                           "\xEF\xBB\xBF"
                           "a = 1\n"})
    CHECK_FALSE(check_text(text));
}

TEST_CASE("what is no text says where") {
  const auto bad = check_text("a = 1\nb = \"\xFF\"\n");
  REQUIRE(bad);
  CHECK(bad->line == 2);
  CHECK(bad->column == 6);
  CHECK(bad->what == "the byte \\xFF is not UTF-8; save the file as UTF-8");
  CHECK(check_text("\xFF\xFE"
                   "a")
            ->what == "is saved as UTF-16; save it as UTF-8");
  CHECK(
      check_text(std::string_view("\x7F"
                                  "ELF\0\1",
                                  6)));
  CHECK(check_text(std::string_view("a\0b", 3))->what == "a NUL byte; this is not a text file");
  CHECK(check_text(std::string(kLongestText + 1, '#'))->line == 0);
}

TEST_CASE("keys that nest without end are refused before they are parsed") {
  std::string deep = "a";
  for (int i = 0; i < 3'000; ++i) deep += ".a";
  CHECK(check_text(deep + " = 1\n"));
  CHECK(check_text("x = \"\"\"a\"\"\"\"\ny={" + deep + "=1}\n"));
  CHECK(check_text("x = [\"\"\"a\"\"\"\", {" + deep + "=1}]\n"));
  CHECK(check_text("x = 'a\\'\n" + deep + " = 1\n"));
  CHECK_FALSE(check_text("# " + deep + "\na = \"" + deep + "\"\nb = '" + deep + "'\n"));
  CHECK_FALSE(check_text("a = \"\"\"\n" + deep + "\n\"\"\"\nb = '''" + deep + "'''\n"));
}

TEST_CASE("what is shown cannot move a cursor") {
  CHECK(printable("a\x1B[31m\n\xC2\x9B\x7F\xFFü") == "a\\x1B[31m\\x0A\\xC2\\x9B\\x7F\\xFFü");
  CHECK(printable(std::string(1000, 'a')).size() == 83);
}
