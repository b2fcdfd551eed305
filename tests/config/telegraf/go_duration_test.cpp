#include "config/telegraf/go_duration.hpp"

#include <doctest/doctest.h>

#include <string>

using hostmeter::config::telegraf::parse_go_duration;

TEST_CASE("durations as Go writes them, and days") {
  CHECK(parse_go_duration("15s") == 15'000'000'000);
  CHECK(parse_go_duration("1h30m") == 5'400'000'000'000);
  CHECK(parse_go_duration("1.5s") == 1'500'000'000);
  CHECK(parse_go_duration(".5s") == 500'000'000);
  CHECK(parse_go_duration("1.s") == 1'000'000'000);
  CHECK(parse_go_duration("1.0000000001s") == 1'000'000'000);
  CHECK(parse_go_duration("250ms") == 250'000'000);
  CHECK(parse_go_duration("10us") == 10'000);
  CHECK(parse_go_duration("10\xC2\xB5s") == 10'000);
  CHECK(parse_go_duration("10\xCE\xBCs") == 10'000);
  CHECK(parse_go_duration("7ns") == 7);
  CHECK(parse_go_duration("1m1h") == 3'660'000'000'000);
  CHECK(parse_go_duration("2d") == 172'800'000'000'000);
  CHECK(parse_go_duration("+3s") == 3'000'000'000);
  CHECK(parse_go_duration("0") == 0);
  CHECK(parse_go_duration("0s") == 0);
}

TEST_CASE("what is no duration, or none that can be") {
  for (const char* text :
       {"", "15", "s", ".s", "-1s", "1 s", "1s ", "1x", "1S", "1.5", "1..5s", "++1s", "300000h1x",
        "2562048h", "9999999999999999999999s", "1s9223372036854775807ns", "\xC2s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_go_duration(text));
  }
  CHECK_FALSE(parse_go_duration(std::string(100, '1') + "s"));
}
