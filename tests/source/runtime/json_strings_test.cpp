#include "source/runtime/json_strings.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hostmeter::source::runtime;

namespace {

struct Seen {
  std::vector<std::string> lines;
  int error = 0;
};

Seen seen(std::string_view json) {
  Seen all;
  const auto result = each_string(json, [&](auto keys, std::string_view value) {
    std::string line;
    for (const std::string& key : keys) line += key + '>';
    all.lines.push_back(line + std::string(value));
  });
  if (!result) all.error = result.error().code;
  return all;
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST_CASE("strings are seen with the keys and indices around them") {
  const Seen all = seen(R"({"a":"1","b":{"c":"2","n":7,"d":[true,"3",{"e":"4"},[],"5"]},"f":"6"})");
  CHECK(all.error == 0);
  CHECK(all.lines ==
        std::vector<std::string>{"a>1", "b>c>2", "b>d>1>3", "b>d>2>e>4", "b>d>4>5", "f>6"});
  CHECK(seen(R"("alone")").lines == std::vector<std::string>{"alone"});
}

TEST_CASE("what is no JSON is refused") {
  for (const char* text : {"", "{", R"({"a":)", R"({"a":"b"} x)", "{a:1}", "\xff", "\"\xff\""}) {
    CAPTURE(text);
    CHECK(seen(text).error == EBADMSG);
  }
}

TEST_CASE("depth and length are bounded") {
  CHECK(seen(nested(kDeepestJson)).error == 0);
  CHECK(seen(nested(kDeepestJson + 1)).error == EBADMSG);
  CHECK(seen(std::string(100'000, '[')).error == EBADMSG);
  CHECK(seen(std::string(kLongestJson + 1, ' ')).error == EFBIG);
}
