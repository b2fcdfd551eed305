#include "source/runtime/json_values.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace hostmeter;
using namespace hostmeter::source::runtime;

namespace {

std::string seen(std::string_view json, std::size_t longest = 10'000) {
  std::string text;
  const auto whole = each_value(json, longest, [&](JsonKeys keys, const JsonValue& value) {
    for (const std::string& key : keys) text += "/" + key;
    if (value.text) text += "=\"" + std::string(*value.text) + '"';
    if (value.number) text += "=" + std::to_string(*value.number);
    if (value.boolean) text += *value.boolean ? "=true" : "=false";
    text += ' ';
  });
  return whole ? text : "error " + std::to_string(whole.error().code);
}

}  // namespace

TEST_CASE("every value is told with where it stands, and answers for its own type only") {
  CHECK(seen(R"({"a":1,"b":["x",{"c":true}],"d":null,"e":-1,"f":1.5,"g":{}})") ==
        R"(/a=1 /b/0="x" /b/1/c=true /d /e /f /g )");
  CHECK(seen("7") == "=7 ");
  CHECK(seen("[[],{},3]") == "/1 /2=3 ");
  CHECK(seen(R"({"a":[],"b":{"c":{}}})") == "/b/c ");
}

TEST_CASE("what is no JSON, too deep or too long is refused") {
  const std::string bad = "error " + std::to_string(EBADMSG);
  for (const char* text : {"", "{", "{]", "[1,]", "{\"a\"}", "nope", "[1] 2", "\"\xff\""})
    CHECK(seen(text) == bad);
  CHECK(seen(std::string(65, '[') + std::string(65, ']')) == bad);
  CHECK(seen(std::string(64, '[') + std::string(64, ']')).empty());
  CHECK(seen(std::string(1'000'000, '['), 2'000'000) == bad);
  CHECK(seen("[1,2]", 4) == "error " + std::to_string(EFBIG));
}

TEST_CASE("a place is named by all its keys") {
  const std::vector<std::string> keys{"State", "Status"};
  CHECK(stands_at(keys, {"State", "Status"}));
  CHECK_FALSE(stands_at(keys, {"State"}));
  CHECK_FALSE(stands_at(keys, {"State", "Pid"}));
}
