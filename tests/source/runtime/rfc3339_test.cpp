#include "source/runtime/rfc3339.hpp"

#include <doctest/doctest.h>

using hostmeter::source::runtime::parse_rfc3339;

TEST_CASE("times are read to the ns, wherever the clock on the wall is") {
  CHECK(parse_rfc3339("2026-11-22T14:24:24.460474654Z") == 1'795'357'464'460'474'654U);
  CHECK(parse_rfc3339("2026-11-22T15:24:24.460474654+01:00") == 1'795'357'464'460'474'654U);
  CHECK(parse_rfc3339("2026-11-22T09:54:24-04:30") == 1'795'357'464'000'000'000U);
  CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == 0U);
  CHECK(parse_rfc3339("2024-02-29T00:00:00.5Z") == 1'709'164'800'500'000'000U);
  CHECK(parse_rfc3339("2024-01-01T00:00:00.0000000019Z") == 1'704'067'200'000'000'001U);
}

TEST_CASE("never, and what is no time, is nothing") {
  for (const char* text :
       {"", "0001-01-01T00:00:00Z", "2026-13-01T00:00:00Z", "2025-02-29T00:00:00Z",
        "2026-11-22T24:00:00Z", "2026-11-22T14:60:00Z", "2026-11-22T14:24:24", "2026-11-22",
        "2026-11-22T14:24:24.Z", "2026-11-22T14:24:24Z ", "2026-11-22T14:24:24+0100",
        "9999-01-01T00:00:00Z", "1970-01-01T00:00:00+01:00", "2026-1-22T14:24:24Z", "+026-11-22"})
    CHECK_FALSE(parse_rfc3339(text));
}
