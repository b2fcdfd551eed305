#include "config/telegraf/document.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::config::telegraf;

namespace {

std::optional<std::string> environment(const std::string& name) {
  if (name == "TWO") return "a = 1\nb = 2";
  return {};
}

}  // namespace

TEST_CASE("lines are those of the file, before variables") {
  const auto document = parse_document("\xEF\xBB\xBF$TWO\r\n# c\r\n[t]\r\nc = 3\r\n", environment);
  REQUIRE_FALSE(document.problem);
  CHECK(document.line(document.root.find("b")->first.source().begin) == 1);
  CHECK(document.line(document.root["t"].node()->source().begin) == 3);
  CHECK(document.line(document.root["t"]["c"].node()->source().begin) == 4);
}

TEST_CASE("what is no TOML says where in the file, and why if a variable is the reason") {
  const auto broken = parse_document("$TWO\nc = 3 4\n", environment);
  REQUIRE(broken.problem);
  CHECK(broken.problem->line == 2);
  const auto unset = parse_document("\na = $NONE\n", environment);
  REQUIRE(unset.problem);
  CHECK(unset.problem->line == 2);
  CHECK(unset.problem->what.starts_with("$NONE is not set in the environment, and its name"));
  const auto unrelated = parse_document("a = \"$NONE\" x\n", environment);
  CHECK(unrelated.problem->what.find("toml.io") != std::string::npos);
}

TEST_CASE("a file that is none") {
  CHECK(parse_document("\xFF\xFE\0[", environment).problem->what.starts_with("is saved as UTF-16"));
  CHECK(parse_document("a = 1\n\x7F\x45LF", environment).problem->line == 2);
  CHECK(parse_document(std::string(2U << 20, ' '), environment).problem->line == 0);
  CHECK_FALSE(parse_document("", environment).problem);
}
