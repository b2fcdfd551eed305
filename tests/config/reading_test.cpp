#include "config/reading.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::config;

namespace {
std::string problem_of(std::string_view table, std::string_view name, std::string_view toml_text) {
  const toml::table parsed = toml::parse(toml_text);
  const Vocabulary anything;
  Reading reading{anything};
  set_value(*find_key(table, name), *parsed.get("v"), reading);
  return reading.problems.empty() ? "" : reading.problems[0].what;
}
}  // namespace

TEST_CASE("every shape refuses every other type, in words") {
  const char* values[] = {"v = true", "v = 5",     "v = 1.5",       "v = \"x\"",
                          "v = [1]",  "v = {a=1}", "v = 1979-05-27"};
  for (const Key& key : keys()) {
    for (const char* value : values) {
      CAPTURE(key.name);
      CAPTURE(value);
      const bool fits = (std::holds_alternative<Boolean>(key.shape) && value == values[0]) ||
                        (std::holds_alternative<Whole>(key.shape) && value == values[1]) ||
                        (std::holds_alternative<Word>(key.shape) && value == values[3]);
      // 5 and "x" may also be out of range or malformed, which is a problem as well.
      if (!fits) CHECK(problem_of(key.table, key.name, value) != "");
    }
  }
  CHECK(problem_of("bpf", "enabled", "v = \"true\"") == "is a string; it must be true or false");
  CHECK(problem_of("collect", "interval", "v = 1") ==
        "has no unit; write it as a string such as \"1s\" or \"500ms\"");
  CHECK(problem_of("collect.disks", "exclude", "v = [\"a\", 3]") ==
        "holds a whole number; it must be a list of globs");
}

TEST_CASE("ranges include their ends") {
  CHECK(problem_of("listener", "threads", "v = 1") == "");
  CHECK(problem_of("listener", "threads", "v = 64") == "");
  for (const char* value :
       {"v = 0", "v = 65", "v = -1", "v = 9223372036854775807", "v = -9223372036854775808"})
    CHECK(problem_of("listener", "threads", value).find("out of range; it must be 1 to 64") !=
          std::string::npos);
  CHECK(problem_of("collect", "interval", "v = \"100ms\"") == "");
  CHECK(problem_of("collect", "interval", "v = \"5m\"") == "");
  CHECK(problem_of("collect", "interval", "v = \"99ms\"") ==
        "\"99ms\" is out of range; it must be \"100ms\" to \"5m\"");
}

TEST_CASE("paths are safe in a URL and leave the agent's own pages alone") {
  CHECK(problem_of("listener", "path", "v = \"/metrics/a_b\"") == "");
  for (const char* value : {"v = \"\"", "v = \"metrics\"", "v = \"/\"", "v = \"/-/ready\"",
                            "v = \"/a b\"", "v = \"/a?b\"", "v = \"/ü\"", "v = \"/a\\u0000\""})
    CHECK(problem_of("listener", "path", value) != "");
}
