#include "source/unit_name.hpp"

#include <doctest/doctest.h>

#include <string_view>

using hostmeter::source::unescaped_unit;

TEST_CASE("escaped bytes of a unit's name are what they were") {
  CHECK(unescaped_unit(R"(web\x2dfront)") == "web-front");
  CHECK(unescaped_unit(R"(\x2dweb\x2d)") == "-web-");
  CHECK(unescaped_unit(R"(a\x5cx2d)") == R"(a\x2d)");  // once
  CHECK(unescaped_unit("web.service") == "web.service");
  CHECK(unescaped_unit("").empty());
}

TEST_CASE("what is no escape stays") {
  for (const char* name : {"\\", "web\\x", "web\\x2", "web\\x2g", "web\\xg2", "web\\x2D", "web\\n"})
    CHECK(unescaped_unit(name) == name);
  // Nor what would be one with what comes behind the name.
  CHECK(unescaped_unit(std::string_view(R"(web\x2d)").substr(0, 6)) == R"(web\x2)");
}
