#include "parse/json.hpp"

#include <doctest/doctest.h>

#include "parse/told_measurements.hpp"

using namespace hostmeter::parse;

namespace {

using Lines = std::vector<std::string>;

Lines told(std::string_view text, const JsonOptions& options = {}, const JsonLimits& limits = {}) {
  ToldMeasurements told;
  parse_json(text, "exec", options, limits, told);
  return told.lines;
}

constexpr std::string_view kFriends = R"({
  "obj": {
    "name": {"first": "Tom", "last": "Anderson"},
    "fav.movie": {"year": 1976},
    "friends": [
      {"first": "Dale", "last": "Murphy", "age": 44},
      {"first": "Roger", "last": "Craig", "age": 68}
    ]
  }
})";

}  // namespace

TEST_CASE("numbers are fields by the way to them, strings and booleans are none unless asked for") {
  CHECK(told(R"({"a": 5, "b": {"c": 6, "_d_": {"e": -1.5}}, "l": [1, {"x": 2}, null],
                 "s": "text", "t": true})") ==
        Lines{"1 exec | a=5 b_c=6 b__d_e=-1.5 l_0=1 l_1_x=2"});
  CHECK(told(R"({"a": 5, "s": "text", "t": true, "u": {"v": "w"}})",
             {.string_fields = {"s", "t", "u_*"}}) ==
        Lines{"1 exec | a=5 s=\"text\" t=true u_v=\"w\""});
}

TEST_CASE("keys are tags, the name, the time") {
  CHECK(told(R"({"a": 5, "tag_1": "x", "tag_2": 1.50, "on": false, "name": "n", "at": 12})",
             {.tag_keys = {"tag_*", "on"}, .name_key = "name", .time_key = "at"}) ==
        Lines{"1 n tag_1=x tag_2=1.5 on=false | a=5"});
  CHECK(told(R"({"big": 1e21, "a": 1})", {.tag_keys = {"big"}}) ==
        Lines{"1 exec big=1000000000000000000000 | a=1"});
}

TEST_CASE("of an array each object is a measurement, with the line where it begins") {
  CHECK(told("[{\"a\": 1},\n {\"a\": 2}\n]") == Lines{"1 exec | a=1", "2 exec | a=2"});
  CHECK(told("[{\"a\": 1},\n 7, [{\"a\": 3}], {\"a\": 2}]") ==
        Lines{"2 bad: an element of the array is no object"});
  CHECK(told("[{\"a\": 1},\n 7, [{\"a\": 3}], {\"a\": 2}]", {.strict = false}) ==
        Lines{"1 exec | a=1", "2 bad: an element of the array is no object",
              "2 bad: an element of the array is no object", "2 exec | a=2"});
}

TEST_CASE("a query leads to what is read") {
  CHECK(
      told(kFriends, {.query = "obj.friends", .tag_keys = {"first"}, .string_fields = {"last"}}) ==
      Lines{"6 exec first=Dale | last=\"Murphy\" age=44",
            "7 exec first=Roger | last=\"Craig\" age=68"});
  CHECK(told(kFriends, {.query = "obj.friends.1"}) == Lines{"7 exec | age=68"});
  CHECK(told(kFriends, {.query = "obj.fav\\.movie"}) == Lines{"4 exec | year=1976"});
  CHECK(told(kFriends, {.query = "obj.enemies"}) ==
        Lines{"10 bad: nothing is where json_query leads"});
  CHECK(told(kFriends, {.query = "obj.name.first"}) ==
        Lines{"3 bad: this is neither an object nor an array of objects"});
  CHECK(told("{\"a\": null}", {.query = "a"}).empty());
}

TEST_CASE("what of GJSON is not understood is refused") {
  CHECK(wrong_with_query("").empty());
  CHECK(wrong_with_query("a.0.b\\.c\\*").empty());
  for (const char* query : {"a.#", "a.#(b==1)", "a|@reverse", "a*", "{a,b}", "a..b", ".a", "a."}) {
    CAPTURE(query);
    CHECK_FALSE(wrong_with_query(query).empty());
  }
  CHECK(told("{}", {.query = "a.#"}).size() == 1);
}

TEST_CASE("what is no JSON to its end gives nothing, and the line is said") {
  CHECK(told("").empty());
  CHECK(told(" \n").empty());
  CHECK(told("{}") == Lines{"1 exec |"});
  CHECK(told("[{\"a\": 1},\n{\"a\": 2") == Lines{"2 bad: this is no JSON"});
  CHECK(told("{\"a\": 1}\n{\"a\": 2}") == Lines{"2 bad: this is no JSON"});
  CHECK(told("7") == Lines{"1 bad: this is neither an object nor an array of objects"});
  CHECK(told("{\"a\": \"\xFF\"}") == Lines{"1 bad: this is no JSON"});
  CHECK(told("{\"a\": 1e999}") == Lines{"1 bad: this is no JSON"});
}

TEST_CASE("limits hold") {
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  CHECK(told("{\"a\": " + deep + "}") == Lines{"1 bad: this is nested too deep"});
  CHECK(told("{}", {}, {.bytes = 1}) == Lines{"1 bad: the output is too large"});
  CHECK(told("[{\"a\":1,\"b\":2},{\"a\":1}]", {}, {.values = 1}) ==
        Lines{"1 bad: an object has too many values", "1 exec | a=1"});
  CHECK(told("[{\"abc\":1},{\"abc\":{\"d\":2}},{\"a\":1}]", {}, {.name = 2}) ==
        Lines{"1 bad: the name of a value is too long", "1 bad: the name of a value is too long",
              "1 exec | a=1"});
  CHECK(told("{\"a\":1,\"b\":2}", {.tag_keys = {"*"}}, {.tags = 1}) ==
        Lines{"1 bad: an object has too many tags"});
}
