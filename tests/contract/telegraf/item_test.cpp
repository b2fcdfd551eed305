#include "contract/telegraf/item.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace hostmeter;
using namespace hostmeter::contract::telegraf;

namespace {

// Two fields of numbers, one that is true or false, one that is a string.
Draft draft(MetricType type = MetricType::unknown) {
  Draft made{.key = "k"};
  DraftPoint& point = made.point("m", type, {{"cpu", "cpu0"}, {"id", "tag"}});
  const Sum one = made.figures.sum({{.series = 1}});
  made.add(point, "value", {.a = one});
  made.add(point, "gauge", {.a = one});
  point.fields.push_back({"flag", {.a = one}, true});
  point.strings = {{"id", "string"}, {"state", "up"}};
  return made;
}

struct Shaped {
  Names names;
  Item item;
  std::vector<std::string> metrics() const {
    std::vector<std::string> all;
    for (const Item::Field& field : item.fields) all.push_back(names[field.family].text);
    return all;
  }
  std::string labels() const { return std::string(item.points.at(0).labels->view()); }
};

Shaped shaped(const Options& options, const Input& input = {.plugin = System{}},
              Draft made = draft()) {
  Shaped result;
  result.item = item_of(std::move(made), input, options, result.names);
  return result;
}
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("version 1: a bare value, no booleans, strings before tags") {
  const Shaped one = shaped({});
  CHECK(one.metrics() == Texts{"m", "m_gauge"});
  CHECK(one.labels() == R"({cpu="cpu0",id="string",state="up"} )");
  CHECK(shaped({}, {.plugin = System{}}, draft(MetricType::gauge)).metrics() == Texts{"m", "m"});
}

TEST_CASE("version 2: every field by its name, booleans too, tags before strings") {
  const Shaped two = shaped({.metric_version = 2});
  CHECK(two.metrics() == Texts{"m_value", "m_gauge", "m_flag"});
  CHECK(two.labels() == R"({cpu="cpu0",id="tag",state="up"} )");
}

TEST_CASE("strings are labels only where that is asked for") {
  CHECK(shaped({.string_as_label = false}).labels() == R"({cpu="cpu0",id="tag"} )");
}

TEST_CASE("the plugin's tags and the global ones add to its own") {
  const Options options{.string_as_label = false,
                        .global_tags = {{"cpu", "g"}, {"dc", "g"}, {"x", "g"}}};
  CHECK(shaped(options, {.plugin = System{}, .tags = {{"cpu", "p"}, {"x", "p"}}}).labels() ==
        R"({cpu="cpu0",dc="g",id="tag",x="p"} )");
}

TEST_CASE("selection looks at what a metric was, its tags are dropped when all are there") {
  Input input{.plugin = System{}, .renaming = {.name_override = "other"}};
  input.rules.namepass = {"m"};
  input.rules.tagexclude = {"host", "id"};
  const Options options{.string_as_label = false, .global_tags = {{"host", "h"}}};
  const Shaped one = shaped(options, input);
  CHECK(one.metrics() == Texts{"other", "other_gauge"});
  CHECK(one.labels() == R"({cpu="cpu0"} )");
  input.rules.namepass = {"other"};
  CHECK(shaped(options, input).metrics().empty());
}

TEST_CASE("tags that are always wanted are there again, but for the output's rules") {
  Input input{.plugin = System{}, .tags = {{"own", "o"}, {"id", "not its"}}};
  input.rules.taginclude = {"cpu"};
  Options options{.string_as_label = false, .global_tags = {{"host", "h"}}};
  CHECK(shaped(options, input).labels() == R"({cpu="cpu0"} )");
  options.always_local_tags = true;
  CHECK(shaped(options, input).labels() == R"({cpu="cpu0",id="not its",own="o"} )");
  options.always_global_tags = true;
  options.output_rules.tagexclude = {"id", "own"};
  CHECK(shaped(options, input).labels() == R"({cpu="cpu0",host="h"} )");
}

TEST_CASE("an output renames what its rules let through") {
  Options options{.renaming = {.name_prefix = "p_"}};
  options.output_rules.namepass = {"other"};
  const Input input{.plugin = System{}, .renaming = {.name_override = "other"}};
  CHECK(shaped(options, input).metrics() == Texts{"p_other", "p_other_gauge"});
}

TEST_CASE("the output has rules of its own, for what the metric is called by then") {
  Options options;
  options.output_rules.namepass = {"other"};
  CHECK(shaped(options).metrics().empty());
  CHECK(shaped(options, {.plugin = System{}, .renaming = {.name_override = "other"}})
            .metrics()
            .size() == 2);
  options.output_rules = {.fieldexclude = {"gauge", "id"}};
  CHECK(shaped(options).metrics() == Texts{"m"});
  CHECK(shaped(options).labels() == R"({cpu="cpu0",id="tag",state="up"} )");
}

TEST_CASE("an item is another when its labels, names or series are") {
  const std::uint64_t hash = shaped({}).item.hash;
  CHECK(shaped({}).item.hash == hash);
  CHECK(shaped({.string_as_label = false}).item.hash != hash);
  CHECK(shaped({}, {.plugin = System{}, .renaming = {.name_override = "n"}}).item.hash != hash);
  Draft other = draft();
  other.figures.sum({{.series = 2}});
  CHECK(shaped({}, {.plugin = System{}}, std::move(other)).item.hash != hash);
  Draft recreated = draft();
  recreated.thing = 7;
  CHECK(shaped({}, {.plugin = System{}}, std::move(recreated)).item.hash != hash);
}

TEST_CASE("names go over into others") {
  Shaped one = shaped({});
  Names fewer;
  rename(one.item, one.names, fewer);
  CHECK(fewer.size() == 2);
  CHECK(fewer[one.item.fields[1].family].text == "m_gauge");
}

TEST_CASE("fields that are copies of a series are told apart from those that take more") {
  Draft made{.key = "k"};
  DraftPoint& point = made.point("m", MetricType::unknown);
  made.copy(point, "a", {.series = 5});
  made.copy(point, "b", {.series = 6, .scale = 2});
  made.copy(point, "c", Term{.series = 7}.else_zero());
  const Shaped one = shaped({}, {.plugin = System{}}, std::move(made));
  REQUIRE(one.item.copies.size() == 2);
  CHECK(one.item.copies[0].series == 5);
  CHECK(one.item.copies[1].field == 2);
  CHECK(one.item.copies[1].or_zero);
  CHECK(one.item.computed == std::vector<std::uint32_t>{1});
}
