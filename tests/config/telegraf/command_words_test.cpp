#include "config/telegraf/command_words.hpp"

#include <doctest/doctest.h>

using hostmeter::config::telegraf::command_words;
using Words = std::vector<std::string>;

TEST_CASE("words as a shell has them") {
  CHECK(command_words("/app/a.sh") == Words{"/app/a.sh"});
  CHECK(command_words("  a  b\tc\n") == Words{"a", "b", "c"});
  CHECK(command_words("a 'b c' \"d e\"f") == Words{"a", "b c", "d ef"});
  CHECK(command_words("a\\ b \\\"c") == Words{"a b", "\"c"});
  CHECK(command_words("'a\\n$x' \"\\$x \\n \\\"\"") == Words{"a\\n$x", "$x \\n \""});
  CHECK(command_words("a '' \"\"") == Words{"a", "", ""});
  CHECK(command_words("sh -c 'a | b'") == Words{"sh", "-c", "a | b"});
  CHECK(command_words("a\\\nb \"c\\\nd\"") == Words{"ab", "cd"});
  CHECK(command_words("") == Words{});
  CHECK(command_words("   ") == Words{});
}

TEST_CASE("what has no end has no words") {
  for (const char* line : {"'a", "a \"b", "a\\", "\"\\", "\"a\\\""}) {
    CAPTURE(line);
    CHECK_FALSE(command_words(line));
  }
}
