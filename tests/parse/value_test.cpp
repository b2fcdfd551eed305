#include "parse/value.hpp"

#include <doctest/doctest.h>

#include "parse/told_measurements.hpp"

using namespace hostmeter::parse;

namespace {

std::string told(std::string_view text, std::string_view data_type,
                 const std::string& field = "value") {
  ToldMeasurements told;
  const auto type = value_type(data_type);
  REQUIRE(type);
  parse_value(text, "exec", {*type, field}, told);
  REQUIRE(told.lines.size() <= 1);
  return told.lines.empty() ? "" : told.lines[0];
}

}  // namespace

TEST_CASE("the last word is the value") {
  CHECK(told("42\n", "") == "1 exec | value=42i");
  CHECK(told("there are\n -7 \n", "integer", "n") == "2 exec | n=-7i");
  CHECK(told(std::string_view("\0+5\0", 4), "int") == "1 exec | value=5i");
  CHECK(told("55.5", "float") == "1 exec | value=55.5");
  CHECK(told("1e3", "long") == "1 exec | value=1000");
  CHECK(told("is True", "boolean") == "1 exec | value=true");
  CHECK(told("0", "bool") == "1 exec | value=false");
  CHECK(told(" all of it \n", "string") == "1 exec | value=\"all of it\"");
  CHECK(told("is 5", "auto_integer") == "1 exec | value=5i");
  CHECK(told("is 5.5", "auto_integer") == "1 exec | value=\"5.5\"");
  CHECK(told("is 5.5", "auto_float") == "1 exec | value=5.5");
  CHECK(told("is fine", "auto_float") == "1 exec | value=\"fine\"");
  CHECK(told("", "integer").empty());
  CHECK(told(" \n", "string").empty());
}

TEST_CASE("what is none is refused, with its line") {
  CHECK(told("1\n2.5", "integer") == "2 bad: the last word is no integer");
  CHECK(told("9223372036854775808", "integer") == "1 bad: the last word is no integer");
  CHECK(told("+-5", "integer") == "1 bad: the last word is no integer");
  CHECK(told("x", "float") == "1 bad: the last word is no number");
  CHECK(told("yes", "boolean") == "1 bad: the last word is neither true nor false");
  CHECK(told("\xFF", "string") == "1 bad: the value is not UTF-8");
  CHECK_FALSE(value_type("double"));
}
