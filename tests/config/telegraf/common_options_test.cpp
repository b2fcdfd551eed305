#include "config/telegraf/common_options.hpp"

#include "loaded.hpp"

using namespace hostmeter;
using namespace hostmeter::config::telegraf;

TEST_CASE("what every input has") {
  const auto loaded = test::load(R"([[inputs.swap]]
alias = "a"
interval = "30s"
collection_jitter = "2s"
collection_offset = "3s"
name_override = "o"
name_prefix = "p_"
name_suffix = "_s"
[inputs.swap.tags]
team = "x"
)");
  CHECK(test::said(loaded).empty());
  const Common& common = loaded.settings.inputs.at(0).common;
  CHECK(common.alias == "a");
  CHECK(common.interval_ns == 30'000'000'000);
  CHECK(common.collection_jitter_ns == 2'000'000'000);
  CHECK(common.collection_offset_ns == 3'000'000'000);
  CHECK(common.name_override == "o");
  CHECK(common.name_prefix == "p_");
  CHECK(common.name_suffix == "_s");
  CHECK(common.tags == Tags{{"team", "x"}});
}

TEST_CASE("filters of inputs and outputs, under new and old names") {
  for (const char* table : {"inputs.swap", "outputs.prometheus_client"}) {
    const auto loaded = test::load("[[" + std::string(table) + R"(]]
namepass = ["a*"]
namepass_separator = "."
namedrop = ["b"]
namedrop_separator = "/"
fieldinclude = ["c"]
fieldpass = ["d"]
pass = ["e"]
fieldexclude = ["f"]
fielddrop = ["g"]
drop = ["h"]
taginclude = ["i"]
tagexclude = ["j"]
tagpass = {k = ["l"]}
tagdrop = {m = ["n", "o"]}
)");
    CHECK(test::said(loaded).empty());
    const auto& settings = loaded.settings;
    const Filters& filters =
        settings.inputs.empty() ? settings.outputs.at(0).filters : settings.inputs[0].filters;
    CHECK(filters.namepass == std::vector<std::string>{"a*"});
    CHECK(filters.namedrop == std::vector<std::string>{"b"});
    CHECK(filters.namepass_separator == ".");
    CHECK(filters.namedrop_separator == "/");
    CHECK(filters.fieldinclude == std::vector<std::string>{"c", "d", "e"});
    CHECK(filters.fieldexclude == std::vector<std::string>{"h", "g", "f"});
    CHECK(filters.taginclude == std::vector<std::string>{"i"});
    CHECK(filters.tagexclude == std::vector<std::string>{"j"});
    CHECK(filters.tagpass == std::vector<TagFilter>{{"k", {"l"}}});
    CHECK(filters.tagdrop == std::vector<TagFilter>{{"m", {"n", "o"}}});
  }
}

TEST_CASE("what has no effect is named") {
  CHECK(test::said_only(test::load("[[inputs.swap]]\nprecision = \"1s\"\n"),
                        "2 - inputs.swap.precision: rounds timestamps"));
}

TEST_CASE("a filter that cannot be evaluated is said to let all pass") {
  CHECK(test::said_only(test::load("[[inputs.swap]]\nmetricpass = \"name == 'x'\"\n"),
                        "2 differs inputs.swap.metricpass: expressions are not evaluated: what "
                        "this one would keep out is served too"));
}

TEST_CASE("an interval is what the host can be read at") {
  const auto of = [](const std::string& written, const std::string& said) {
    const auto loaded = test::load("[[inputs.cpu]]\ninterval = \"" + written + "\"\n");
    if (said.empty())
      CHECK(test::said(loaded).empty());
    else
      CHECK(test::said_only(loaded, "2 differs inputs.cpu.interval: " + said));
    return loaded.settings.inputs.at(0).common.interval_ns.value_or(0);
  };
  CHECK(of("10.1s", "is no whole number of seconds: taken as 10s") == 10'000'000'000);
  CHECK(of("1500ms", "is no whole number of seconds: taken as 2s") == 2'000'000'000);
  CHECK(of("50ms", "is below 100ms: taken as not written") == 0);
  CHECK(of("250ms", "") == 250'000'000);
  CHECK(of("1m", "") == 60'000'000'000);
  const auto agent = test::load("[agent]\ninterval = \"14.6s\"\n");
  CHECK(test::said_only(agent, "2 differs agent.interval: is no whole number of seconds"));
  CHECK(agent.settings.agent.interval_ns == 15'000'000'000);
}
