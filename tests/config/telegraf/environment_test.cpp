#include "config/telegraf/environment.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::config::telegraf;

namespace {

std::optional<std::string> environment(const std::string& name) {
  if (name == "A") return "one";
  if (name == "_b2") return "two";
  if (name == "EMPTY") return "";
  if (name == "LINES") return "x\ny\n";
  if (name == "HARD") return "\" ' \\ \n \t # $A";
  return {};
}

std::string replaced(std::string_view text) {
  const ReplacedText done = replace_environment(text, environment);
  CHECK_FALSE(done.problem);
  return done.text;
}

}  // namespace

TEST_CASE("each form means what it means in a shell") {
  CHECK(replaced("$A ${A} $_b2 ${_b2}x") == "one one two twox");
  CHECK(replaced("[${A:-d}] [${EMPTY:-d}] [${EMPTY-d}] [${NO:-d e}] [${NO-d}] [${NO:-}]") ==
        "[one] [d] [] [d e] [d] []");
  CHECK(replaced("[${A:+x}] [${EMPTY:+x}] [${EMPTY+x}] [${NO+x}]") == "[x] [] [x] []");
  CHECK(replaced("[${A:?no}] [${EMPTY?no}]") == "[one] []");
  CHECK(replaced("${NO:-${ALSO_NO:-<$A>}}") == "<one>");
}

TEST_CASE("what is no variable stays, and so does the name of one that is not set") {
  for (const char* text : {"$", "a$", "$1", "${1}", "${}", "${A", "${A b}", "${A:}", "$ A", "$-"})
    CHECK(replaced(text) == text);
  CHECK(replaced("$$A") == "$A");
  CHECK(replaced("$NO ${NO}") == "$NO ${NO}");
  const auto done = replace_environment("a\nb = \"$NO\" # $NO\n${OTHER}", environment);
  REQUIRE(done.unset.size() == 2);
  CHECK(done.unset[0].line == 2);
  CHECK(done.unset[0].name == "NO");
  CHECK(done.unset[0].in_string);
  CHECK(done.unset[1].line == 3);
  CHECK_FALSE(done.unset[1].in_string);
}

TEST_CASE("what is set to nothing is known, and so is what has no end") {
  const auto done = replace_environment("a = \"$EMPTY\"\nb = \"${EMPTY:-x}${A}\"", environment);
  REQUIRE(done.empty.size() == 1);
  CHECK(done.empty[0].line == 1);
  CHECK(done.empty[0].name == "EMPTY");
  CHECK(replaced("${NO:-" + std::string(4'000, 'x') + '}') == std::string(4'000, 'x'));
  for (const std::string& text :
       {"${NO:-" + std::string(5'000, 'x') + '}', std::string("${NO-a\n}"), std::string("${NO?")}) {
    const auto cut = replace_environment(text, environment);
    CHECK(cut.text == text);
    REQUIRE(cut.unclosed.size() == 1);
    CHECK(cut.unclosed[0].name == "NO");
  }
  CHECK(replace_environment("${A b} ${A:} ${", environment).unclosed.empty());
}

TEST_CASE("comments are left out, but not what looks like one in a string") {
  CHECK(replaced("a # $A ${NO:?x} \"\nb") == "a \nb");
  CHECK(replaced("\"# $A\" '# $A' # x") == "\"# one\" \"# one\" ");
  CHECK(replaced("'''\n# $A'''") == "\"\"\"\n# one\"\"\"");
  CHECK(replaced("\"\\\" # $A\"") == "\"\\\" # one\"");
}

TEST_CASE("in a string a value stays within it") {
  const std::string escaped = "\\\" ' \\\\ \\u000A \\u0009 # $A";
  CHECK(replaced("\"$HARD\"") == '"' + escaped + '"');
  CHECK(replaced("'$HARD \\d \"'") == '"' + escaped + " \\\\d \\\"\"");
  CHECK(replaced("\"\"\"$HARD\"\"\"") == "\"\"\"" + escaped + "\"\"\"");
  CHECK(replaced("\"^\\\\$A\"") == "\"^\\\\one\"");
  CHECK(replaced("'C:\\x'") == "'C:\\x'");
  CHECK(replaced("\"unclosed $A\nb = $A") == "\"unclosed $A\nb = one");
}

TEST_CASE("lines are those of the file, whatever values hold") {
  const auto done = replace_environment("a\n$LINES\nb\n'''\n$LINES'''\n# c\nd", environment);
  CHECK(done.text == "a\nx\ny\n\nb\n\"\"\"\nx\\u000Ay\\u000A\"\"\"\n\nd");
  CHECK(done.lines == std::vector<std::uint32_t>{1, 2, 2, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("a variable that must be set says so, and no other is looked at") {
  for (const char* text : {"a\n\"${NO:?tell me}\"", "a\n${NO?tell me}", "a\n${EMPTY:?tell me}"}) {
    const auto done = replace_environment(text, environment);
    REQUIRE(done.problem);
    CHECK(done.problem->line == 2);
    CHECK(done.problem->what.find(": tell me; set it") != std::string::npos);
  }
}

TEST_CASE("values cannot make a text grow without end") {
  const auto huge = [](const std::string&) { return std::optional(std::string(100'000, 'x')); };
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += "$A";
  for (const std::string& text : {many, '"' + many + '"', "${B:+" + many + '}'}) {
    const auto done = replace_environment(text, huge);
    CHECK(done.text.size() < 2 * hostmeter::config::kLongestText);
    if (done.text.size() > 2'000) {
      REQUIRE(done.problem);
      CHECK(done.problem->what.starts_with("grows beyond 1 MiB"));
    }
  }
}
