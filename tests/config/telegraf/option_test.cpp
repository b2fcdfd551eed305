#include "config/telegraf/option.hpp"

#include "loaded.hpp"

using namespace hostmeter;
using namespace hostmeter::config::telegraf;

namespace {

struct Thing {
  bool flag = false;
  std::uint64_t ns = 1;
  std::optional<std::uint64_t> own_ns;
  std::uint32_t number = 1;
  std::string text = "old";
  std::vector<std::string> words{"old"};
  Tags tags;
  std::vector<TagFilter> filters;
};
constexpr std::string_view kNumbers[] = {"1", "2"};
constexpr std::string_view kColours[] = {"red", "blue"};
constexpr Option<Thing> kOptions[] = {
    {"flag", &Thing::flag},     {"some_ns", &Thing::ns},
    {"own_ns", &Thing::own_ns}, {"number", &Thing::number, kNumbers},
    {"text", &Thing::text},     {"colour", &Thing::text, kColours},
    {"words", &Thing::words},   {"more_words", &Thing::words, kColours, true},
    {"tags", &Thing::tags},     {"filters", &Thing::filters},
    {"other", ReadElsewhere{}}, {"nothing", Unsupported{Effect::lost, "false", "is not here"}},
};

struct Outcome {
  Thing thing;
  Origin origin;
  std::vector<Finding> findings;
};

Outcome read(std::string_view text) {
  const Environment none = [](const std::string&) { return std::optional<std::string>(); };
  const Document document = parse_document(text, none);
  REQUIRE_FALSE(document.problem);
  Outcome outcome;
  Report report(document, 0, none, outcome.findings);
  read_options(document.root, "thing", outcome.origin, report,
               Part<Thing>{kOptions, outcome.thing});
  return outcome;
}

std::string wrong(std::string_view text) {
  const Outcome outcome = read(text);
  CAPTURE(text);
  REQUIRE(outcome.findings.size() == 1);
  CHECK(outcome.findings[0].place.line == 1);
  CHECK(outcome.findings[0].effect == Effect::differs);
  return outcome.findings[0].what + ' ' + outcome.findings[0].instead;
}

}  // namespace

TEST_CASE("each kind of value, in the ways that Telegraf takes it") {
  CHECK(read("flag = true").thing.flag);
  CHECK(read("flag = \"T\"").thing.flag);
  CHECK_FALSE(read("flag = \"False\"").thing.flag);
  CHECK(read("some_ns = \"1m\"").thing.ns == 60'000'000'000);
  CHECK(read("some_ns = 15").thing.ns == 15'000'000'000);
  CHECK(read("some_ns = 1.5").thing.ns == 1'500'000'000);
  CHECK(read("some_ns = '15'").thing.ns == 15'000'000'000);
  CHECK(read("some_ns = '1.5'").thing.ns == 1'500'000'000);
  CHECK(read("some_ns = \"\"").thing.ns == 1);
  CHECK(read("own_ns = \"2s\"").thing.own_ns == 2'000'000'000);
  CHECK_FALSE(read("own_ns = \"0s\"").thing.own_ns);
  CHECK(read("number = 2").thing.number == 2);
  CHECK(read("text = 'a'").thing.text == "a");
  CHECK(read("colour = 'red'").thing.text == "red");
  CHECK(read("words = []").thing.words.empty());
  CHECK(read("more_words = ['red']").thing.words == std::vector<std::string>{"old", "red"});
  CHECK(read("tags = {b = '1', a = '2'}").thing.tags == Tags{{"a", "2"}, {"b", "1"}});
  CHECK(read("filters = {a = ['x*']}").thing.filters == std::vector<TagFilter>{{"a", {"x*"}}});
}

TEST_CASE("a wrong value leaves what is there, and says what to write") {
  CHECK(wrong("flag = 1") ==
        "thing.flag is a whole number: taken as not written; write true or false");
  CHECK(wrong("flag = 'yes'").starts_with("thing.flag is a string: taken as not written"));
  CHECK(wrong("some_ns = '15 s'") ==
        "thing.some_ns \"15 s\" is no duration: taken as not written; write a duration such as "
        "\"15s\"");
  CHECK(wrong("some_ns = '-1'").starts_with("thing.some_ns is out of range"));
  CHECK(wrong("some_ns = -1").starts_with("thing.some_ns is out of range"));
  CHECK(wrong("some_ns = nan").starts_with("thing.some_ns is out of range"));
  CHECK(wrong("some_ns = 1e300").starts_with("thing.some_ns is out of range"));
  CHECK(wrong("own_ns = [1]").starts_with("thing.own_ns is a list"));
  CHECK(wrong("number = 3") == "thing.number 3 is unknown: taken as not written; write 1 or 2");
  CHECK(wrong("number = '1'").starts_with("thing.number is a string"));
  CHECK(wrong("number = -1").starts_with("thing.number -1 is unknown"));
  CHECK(wrong("text = 1").starts_with("thing.text is a whole number"));
  CHECK(wrong("colour = 'green'") ==
        "thing.colour \"green\" is unknown: taken as not written; write \"red\" or \"blue\"");
  CHECK(wrong("words = 'a'") ==
        "thing.words is a string: taken as not written; write a list such as [\"a\", \"b\"]");
  CHECK(wrong("more_words = ['green']").starts_with("thing.more_words \"green\" is unknown"));
  CHECK(wrong("words = ['a', 1]").starts_with("thing.words holds a whole number"));
  CHECK(wrong("tags = 'a'").starts_with("thing.tags is a string"));
  CHECK(wrong("tags = {a = 1}").starts_with("thing.tags holds a whole number"));
  CHECK(wrong("filters = ['a']").starts_with("thing.filters is a list"));
  CHECK(wrong("filters = {a = 'b'}").starts_with("thing.filters is a string"));
  CHECK(wrong("text = '" + std::string(5'000, 'x') + "'").find("longer than 4096") !=
        std::string::npos);
  const Thing untouched = read("number = 9\nwords = 7\ntext = 7\nsome_ns = 'x'").thing;
  CHECK(untouched.number == 1);
  CHECK(untouched.words == std::vector<std::string>{"old"});
  CHECK(untouched.text == "old");
  CHECK(untouched.ns == 1);
}

TEST_CASE("names are taken in any case and without underscores, and others are said") {
  CHECK(read("SomeNs = '1s'").thing.ns == 1'000'000'000);
  CHECK(read("FLAG = true").thing.flag);
  CHECK(wrong("flgg = true") ==
        "thing.flgg is unknown, and to Telegraf a reason not to start: has no effect; did you "
        "mean \"flag\"?");
  CHECK(wrong("quite_other = true").ends_with("has no effect; remove it"));
}

TEST_CASE("options without a place here are said, unless they ask for nothing") {
  CHECK(read("nothing = false").findings.empty());
  CHECK(read("other = 7").findings.empty());
  const auto said = read("nothing = true").findings;
  REQUIRE(said.size() == 1);
  CHECK(said[0] == Finding{Effect::lost, {0, 1}, "thing.nothing", "is not here"});
}

TEST_CASE("the line of each option that is taken is kept") {
  const auto origin = read("flag = true\n\ntext = 'a'\nnumber = 9\nnothing = true").origin;
  CHECK(origin.options == decltype(origin.options){{"flag", {0, 1}}, {"text", {0, 3}}});
}
