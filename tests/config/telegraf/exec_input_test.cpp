#include "config/telegraf/exec_input.hpp"

#include "loaded.hpp"

using namespace hostmeter;
using namespace hostmeter::config::telegraf;
using Words = std::vector<std::string>;

TEST_CASE("commands are strings in a shell's words, or lists of words") {
  const auto loaded = test::load(R"([[inputs.exec]]
commands = [
  "/app/a.sh 'b c'",
  ["/app/d.sh", "e f"],
  "/app/*.sh",
]
command = "g h"
)");
  CHECK(test::said(loaded).empty());
  const auto& commands = test::plugin<Exec>(loaded).commands;
  REQUIRE(commands.size() == 4);
  CHECK(commands[0] == Command{{0, 3}, {"/app/a.sh", "b c"}});
  CHECK(commands[1] == Command{{0, 4}, {"/app/d.sh", "e f"}});
  CHECK(commands[2] == Command{{0, 5}, {"/app/*.sh"}});
  CHECK(commands[3] == Command{{0, 7}, {"g", "h"}});
}

TEST_CASE("a command that cannot be run is lost, the others are not") {
  const auto loaded = test::load(
      "[[inputs.exec]]\ncommands = [\"a\",\n\"'b\",\n7,\n[],\n[\"\"],\n\" \",\n\"c\"]\n");
  const auto all = test::said(loaded);
  REQUIRE(all.size() == 5);
  CHECK(all[0].starts_with("2 LOST inputs.exec.commands: is empty"));
  CHECK(all[3] ==
        "3 LOST inputs.exec.commands: \"'b\" has a quote without its other one: it is "
        "not run; close the quote");
  CHECK(all[4].starts_with("4 LOST inputs.exec.commands: is a whole number"));
  CHECK(test::plugin<Exec>(loaded).commands.size() == 2);
}

TEST_CASE("no command at all is said") {
  CHECK(test::said_only(test::load("[[inputs.exec]]\n"), "1 differs inputs.exec: has no command"));
  const auto all = test::said(test::load("[[inputs.exec]]\ncommands = \"a b\"\n"));
  REQUIRE(all.size() == 2);
  CHECK(all[1] ==
        "2 LOST inputs.exec.commands: is a string: nothing is run; write a list such as "
        "[\"/app/check.sh\"]");
}

TEST_CASE("formats that are read, and others with all that prints them") {
  const auto format = [](const char* name) {
    return test::load(std::string("[[inputs.exec]]\ncommands = [\"a\"]\ndata_format = ") + name);
  };
  CHECK(test::plugin<Exec>(format("\"\"")).format == DataFormat::json);
  CHECK(test::plugin<Exec>(format("\"influx\"")).format == DataFormat::influx);
  CHECK(test::plugin<Exec>(format("\"json\"")).format == DataFormat::json);
  CHECK(test::plugin<Exec>(format("\"nagios\"")).format == DataFormat::nagios);
  CHECK(test::plugin<Exec>(format("\"prometheus\"")).format == DataFormat::prometheus);
  CHECK(test::plugin<Exec>(format("\"value\"")).format == DataFormat::value);
  CHECK(test::plugin<Exec>(test::load("[[inputs.exec]]\ncommands = [\"a\"]")).format ==
        DataFormat::json);
  const auto csv = format("\"csv\"");
  CHECK(test::said_only(csv, "3 LOST inputs.exec.data_format: \"csv\" is not read: no command"));
  CHECK(csv.settings.inputs.empty());
  CHECK(format("7").settings.inputs.empty());
}

TEST_CASE("what has no effect on when a command is run is said") {
  const auto said =
      test::said(test::load("[[inputs.exec]]\ncommands = [\"a\"]\ncollection_jitter = "
                            "\"2s\"\ncollection_offset = \"1s\"\n"));
  REQUIRE(said.size() == 2);
  CHECK(said[0].starts_with("3 differs inputs.exec.collection_jitter: has no effect here"));
  CHECK(said[1].starts_with("4 differs inputs.exec.collection_offset: has no effect here"));
}

TEST_CASE("no command runs more than once a second, and that is said") {
  for (const auto& [written, effect] : {std::pair{"500ms", "is taken as 1s"},
                                        {"1ms", "is below 100ms"},
                                        {"10.1s", "is no whole number"}}) {
    const auto loaded = test::load("[[inputs.exec]]\ncommands = [\"a\"]\ninterval = \"" +
                                   std::string(written) + "\"\n");
    const auto said = test::said(loaded);
    REQUIRE(said.size() == 1);
    CHECK(said[0].find(effect) != std::string::npos);
    const auto& interval = loaded.settings.inputs.at(0).common.interval_ns;
    CHECK(interval.value_or(1'000'000'000) % 1'000'000'000 == 0);
  }
}

TEST_CASE("options of the run and of formats") {
  const auto loaded = test::load(R"([[inputs.exec]]
commands = ["a"]
environment = ["A=b", "=c", "d"]
timeout = "9s"
ignore_error = true
log_stderr = true
prometheus_metric_version = 1
prometheus_ignore_timestamp = true
influx_timestamp_precision = "1ms"
influx_parser_type = "upstream"
tag_keys = ["t"]
json_string_fields = ["s"]
json_query = "q"
json_name_key = "n"
json_strict = false
data_type = "long"
value_field_name = "v"
)");
  const auto all = test::said(loaded);
  REQUIRE(all.size() == 6);
  CHECK(all[0].starts_with("3 differs inputs.exec.environment: \"=c\" is left out"));
  CHECK(all[1].starts_with("3 differs inputs.exec.environment: \"d\" is left out"));
  CHECK(all[2].starts_with("6 - inputs.exec.log_stderr"));
  CHECK(all[3].starts_with("8 - inputs.exec.prometheus_ignore_timestamp"));
  CHECK(all[4].starts_with("9 - inputs.exec.influx_timestamp_precision"));
  CHECK(all[5].starts_with("10 - inputs.exec.influx_parser_type"));
  const auto& exec = test::plugin<Exec>(loaded);
  CHECK(exec.environment == Words{"A=b"});
  CHECK(exec.timeout_ns == 9'000'000'000);
  CHECK(exec.ignore_error);
  CHECK(exec.prometheus_metric_version == 1);
  CHECK(exec.json == JsonFormat{{"t"}, {"s"}, "q", "n", false});
  CHECK(exec.data_type == "float");
  CHECK(exec.value_field_name == "v");
}

TEST_CASE("what of a format is not read is said") {
  const auto all = test::said(test::load(R"([[inputs.exec]]
commands = ["a"]
json_time_key = "t"
[[inputs.exec]]
commands = ["a"]
data_format = "influx"
name_override = "o"
[[inputs.exec]]
commands = ["a"]
data_format = "value"
data_type = "base64"
)"));
  REQUIRE(all.size() == 2);
  CHECK(all[0].starts_with("3 - inputs.exec.json_time_key: "));
  CHECK(all[1].starts_with("11 LOST inputs.exec.data_type: "));
}
