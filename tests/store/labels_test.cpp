#include "store/labels.hpp"

#include <doctest/doctest.h>

using hostmeter::store::append_label;

namespace {
std::string label(std::string_view value) {
  std::string text;
  append_label(text, "l", value);
  return text;
}
}  // namespace

TEST_CASE("labels are separated by commas and escaped") {
  std::string text = "m{";
  append_label(text, "a", "1");
  append_label(text, "b", "say \"hi\"\\\n");
  CHECK(text == R"(m{a="1",b="say \"hi\"\\\n")");
}

TEST_CASE("what is no UTF-8 is replaced, what is stays") {
  CHECK(label("größe") == "l=\"größe\"");
  CHECK(label("\xF0\x9F\x90\xB3") == "l=\"\xF0\x9F\x90\xB3\"");
  CHECK(label("a\xFFz") == "l=\"a\xEF\xBF\xBDz\"");
  CHECK(label("\xC3") == "l=\"\xEF\xBF\xBD\"");                                  // cut short
  CHECK(label("\xC0\xAF") == "l=\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // overlong
  CHECK(label("\xED\xA0\x80") == "l=\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // a surrogate
}
