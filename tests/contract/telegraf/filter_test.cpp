#include "contract/telegraf/filter.hpp"

#include <doctest/doctest.h>

using namespace hostmeter::contract::telegraf;

TEST_CASE("globs with alternatives, as Telegraf's") {
  CHECK(matches_any({"cpu*"}, "cpu0"));
  CHECK(matches_any({"a", "{web,db}-[0-9]"}, "db-3"));
  CHECK(matches_any({"x{a{b,c},d}y"}, "xacy"));
  CHECK(matches_any({"x{a{b,c},d}y"}, "xdy"));
  CHECK_FALSE(matches_any({"x{a{b,c},d}y"}, "xay"));
  const std::string open = "a{b";
  CHECK(matches_any({open}, open));
  CHECK_FALSE(matches_any({}, "a"));
  std::string much;
  for (int i = 0; i < 40; ++i) much += "{a,b}";
  CHECK_FALSE(matches_any({much}, "c"));  // and does not take for ever
}

TEST_CASE("names and tags select a metric") {
  const Tags tags{{"cpu", "cpu0"}, {"host", "web1"}};
  CHECK(selects({}, "cpu", tags));
  CHECK(selects({.namepass = {"c*"}}, "cpu", tags));
  CHECK_FALSE(selects({.namepass = {"mem"}}, "cpu", tags));
  CHECK_FALSE(selects({.namepass = {"c*"}, .namedrop = {"cpu"}}, "cpu", tags));
  CHECK(selects({.tagpass = {{"cpu", {"cpu[0-3]"}}, {"no", {"*"}}}}, "cpu", tags));
  CHECK_FALSE(selects({.tagpass = {{"no", {"*"}}}}, "cpu", tags));
  CHECK_FALSE(selects({.tagpass = {{"cpu", {"*"}}}, .tagdrop = {{"host", {"web*"}}}}, "cpu", tags));
}

TEST_CASE("fields and tags that are not wanted go") {
  CHECK(keeps_field({.fieldinclude = {"usage_*"}}, "usage_idle"));
  CHECK_FALSE(keeps_field({.fieldinclude = {"usage_*"}, .fieldexclude = {"*_idle"}}, "usage_idle"));
  Tags tags{{"cpu", "cpu0"}, {"dc", "eu"}, {"host", "web1"}};
  drop_tags({.tagexclude = {"host"}}, tags);
  CHECK(tags == Tags{{"cpu", "cpu0"}, {"dc", "eu"}});
  drop_tags({.taginclude = {"c*"}}, tags);
  CHECK(tags == Tags{{"cpu", "cpu0"}});
}

TEST_CASE("a measurement's name is overridden, then wrapped") {
  CHECK(renamed({}, "system") == "system");
  CHECK(renamed({.name_override = "s", .name_prefix = "a_", .name_suffix = "_z"}, "system") ==
        "a_s_z");
}

TEST_CASE("* and ? stop at separators, ** does not") {
  const auto is = [](const char* glob, const char* name) {
    return matches_any({glob}, name, "./");
  };
  CHECK(is("a.*.c", "a.b.c"));
  CHECK_FALSE(is("a.*.c", "a.b.b.c"));
  CHECK_FALSE(is("a*", "a/b"));
  CHECK(is("a**", "a/b.c"));
  CHECK(is("a.**.c", "a.b.b.c"));
  CHECK_FALSE(is("a?c", "a.c"));
  CHECK(is("a?c", "abc"));
  CHECK(is("{x,a.*}", "a.b"));
  CHECK(is("[!b-z].[a]]", "a.a]"));
  CHECK(is("a\\*b", "a*b"));
  CHECK_FALSE(is("a\\*b", "axb"));
  CHECK(is("[", "["));
  CHECK_FALSE(is("a", ""));
  CHECK(matches_any({"a*"}, "a.b"));
}

TEST_CASE("separators are of the one list that they are written for") {
  CHECK_FALSE(selects({.namepass = {"a*"}, .namepass_separator = "."}, "a.b", {}));
  CHECK(selects({.namepass = {"a*"}, .namedrop_separator = "."}, "a.b", {}));
  CHECK(selects({.namedrop = {"a*"}, .namedrop_separator = "."}, "a.b", {}));
  CHECK_FALSE(selects({.namedrop = {"a*"}, .namepass_separator = "."}, "a.b", {}));
}
