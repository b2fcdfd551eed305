#include "config/duration.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::config;

TEST_CASE("durations in every unit, exactly") {
  CHECK(parse_duration("64us") == 64'000);
  CHECK(parse_duration("1.5ms") == 1'500'000);
  CHECK(parse_duration("500ms") == 500'000'000);
  CHECK(parse_duration("1s") == 1'000'000'000);
  CHECK(parse_duration("0.1s") == 100'000'000);
  CHECK(parse_duration("1.000000001s") == 1'000'000'001);
  CHECK(parse_duration("1h30m") == 5'400'000'000'000);
  CHECK(parse_duration("0s") == 0);
}

TEST_CASE("what is no duration") {
  for (const char* text : {"",
                           "1",
                           "s",
                           "1 s",
                           "-1s",
                           "+1s",
                           "1S",
                           "1d",
                           "1s1s",
                           "1m1h",
                           ".s",
                           "1.s",
                           ".5s",
                           "1..5s",
                           "1.5.5s",
                           "1.0000000001s",
                           "1e3s",
                           "1s ",
                           "inf",
                           "0x1s",
                           "18446744073709551615h",
                           "5124095576h999999999999m",
                           "99999999999999999999s",
                           "1.9999999999999999999999999999999999999999999s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("a duration is written in the largest unit that fits") {
  for (const char* text : {"64us", "500ms", "1s", "90s", "5m", "1h"})
    CHECK(write_duration(*parse_duration(text)) == text);
  CHECK(write_duration(0) == "0ms");
}
