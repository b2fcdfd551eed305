#include "parse/exposition.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

using namespace hostmeter;
using namespace hostmeter::parse;

namespace {

// What was told, a line each.
struct Told final : ExpositionSink {
  std::vector<std::string> lines;
  double last_value = 0;

  void on_help(std::size_t line, std::string_view family, std::string_view help) override {
    say(line, "help " + std::string(family) + " " + std::string(help));
  }
  void on_type(std::size_t line, std::string_view family, MetricType type) override {
    say(line, "type " + std::string(family) + " " + std::to_string(int(type)));
  }
  void on_unit(std::size_t line, std::string_view family, std::string_view unit) override {
    say(line, "unit " + std::string(family) + " " + std::string(unit));
  }
  void on_sample(std::size_t line, const Sample& sample) override {
    std::string text(sample.name);
    for (const Label& label : sample.labels)
      text += " " + std::string(label.name) + "=" + std::string(label.value);
    last_value = sample.value;
    char value[32];
    std::snprintf(value, sizeof value, " %g", sample.value);
    say(line, text + value);
  }
  void on_bad_line(std::size_t line, std::string_view why) override {
    say(line, "bad: " + std::string(why));
  }
  void say(std::size_t line, const std::string& what) {
    lines.push_back(std::to_string(line) + " " + what);
  }
};

std::vector<std::string> told(std::string_view text, Dialect dialect = Dialect::prometheus) {
  Told told;
  ExpositionParser(dialect).parse(text, told);
  return told.lines;
}
std::vector<std::string> told_open(std::string_view text) {
  return told(text, Dialect::openmetrics);
}
using Lines = std::vector<std::string>;

// Why a line was refused; empty when it was not.
std::string refusal(std::string_view line, Dialect dialect = Dialect::prometheus) {
  std::string text = std::string(line) + "\n";
  if (dialect == Dialect::openmetrics) text += "# EOF\n";
  for (const std::string& one : told(text, dialect))
    if (one.starts_with("1 bad: ")) return one.substr(7);
  return {};
}

}  // namespace

TEST_CASE("the text format, as its definition shows it") {
  CHECK(told("# HELP http_requests_total The total number of HTTP requests.\n"
             "# TYPE http_requests_total counter\n"
             "http_requests_total{method=\"post\",code=\"200\"} 1027 1395066363000\n"
             "\n"
             "# Escaping in label values:\n"
             "msdos_file_access_time_seconds{path=\"C:\\\\DIR\\\\FILE.TXT\",error=\"Cannot find "
             "file:\\n\\\"FILE.TXT\\\"\"} 1.458255915e9\n"
             "metric_without_timestamp_and_labels 12.47\n"
             "something_weird{problem=\"division by zero\"} +Inf -3982045\n"
             "  indented { a = \"b\" , c = \"d\" , }\t7\t\n") ==
        Lines{"1 help http_requests_total The total number of HTTP requests.",
              "2 type http_requests_total 1", "3 http_requests_total method=post code=200 1027",
              "6 msdos_file_access_time_seconds path=C:\\DIR\\FILE.TXT error=Cannot find "
              "file:\n\"FILE.TXT\" 1.45826e+09",
              "7 metric_without_timestamp_and_labels 12.47",
              "8 something_weird problem=division by zero inf", "9 indented a=b c=d 7"});
}

TEST_CASE("OpenMetrics has units, exemplars and an end") {
  CHECK(
      told_open("# TYPE foo_seconds counter\n"
                "# UNIT foo_seconds seconds\n"
                "# HELP foo_seconds Say \\\"foo\\\".\\nTwice.\n"
                "foo_seconds_total{a=\"x\"} 17.0 1520879607.789 # {trace_id=\"K\\\\H\"} 0.67 1.5\n"
                "foo_seconds_created 1.0\n"
                "# EOF") == Lines{"1 type foo_seconds 1", "2 unit foo_seconds seconds",
                                  "3 help foo_seconds Say \"foo\".\nTwice.",
                                  "4 foo_seconds_total a=x 17", "5 foo_seconds_created 1"});
  CHECK(told_open("a 1\n") ==
        Lines{"1 a 1", "2 bad: \"# EOF\" is missing: the output was cut off"});
  CHECK(told_open("a 1\n# EOF\nb 2\nc 3\n") ==
        Lines{"1 a 1", "3 bad: something comes after \"# EOF\""});
}

TEST_CASE("one bad line costs that line") {
  CHECK(told("a 1\nb{ 2\nc 3\n") == Lines{"1 a 1", "2 bad: this is no name of a label", "3 c 3"});
  CHECK(told("a 1\nb 2") ==
        Lines{"1 a 1", "2 bad: the last line has no end: the output was cut off"});
}

TEST_CASE("what is wrong with a line is said") {
  CHECK(refusal("1a 1") == "the line begins with no name of a metric");
  CHECK(refusal("a-b 1") == "a blank or '{' has to follow the name");
  CHECK(refusal("a") == "a blank or '{' has to follow the name");
  CHECK(refusal("a ") == "the value is no number");
  CHECK(refusal("a 1x") == "the value is no number");
  CHECK(refusal("a 0x1p3") == "the value is no number");
  CHECK(refusal("a 1_000") == "the value is no number");
  CHECK(refusal("a --1") == "the value is no number");
  CHECK(refusal("a +") == "the value is no number");
  CHECK(refusal("a 1e999") == "the value is no number");
  CHECK(refusal("a 1 12.5") == "the timestamp is no number");
  CHECK(refusal("a 1 2 3") == "something follows the value");
  CHECK(refusal("a{b=c} 1") == "a label's value has to be in quotes");
  CHECK(refusal("a{b=\"c} 1") == "a label's value has no end");
  CHECK(refusal("a{b=\"c\"") == "',' or '}' has to follow a label");
  CHECK(refusal("a{b=\"c\" d=\"e\"} 1") == "',' or '}' has to follow a label");
  CHECK(refusal("a{b:c=\"d\"} 1") == "'=' has to follow a label's name");
  CHECK(refusal("a{b=\"\\t\"} 1") == "only \\\\, \\\" and \\n are escapes");
  CHECK(refusal("a{b=\"\\") == "only \\\\, \\\" and \\n are escapes");
  CHECK(refusal("a{b=\"1\",b=\"2\"} 1") == "a label is there twice");
  CHECK(refusal("a{__name__=\"b\"} 1") == "labels that begin with __ are Prometheus's own");
  CHECK(refusal("a{b=\"\xFF\"} 1") == "a label's value is not UTF-8");
  CHECK(refusal("# HELP a \xFF") == "the help is not UTF-8");
  CHECK(refusal("# TYPE a float") == "no such type of metric");
  CHECK(refusal("# TYPE a info") == "no such type of metric");
  CHECK(refusal("# TYPE a gauge counter") == "more than one word follows the name");
  CHECK(refusal("# TYPE 1a gauge") == "this is no name of a metric");
  CHECK(refusal("# any other comment").empty());
  CHECK(refusal("#TYPE a gauge").empty());

  CHECK(refusal("# TYPE a untyped", Dialect::openmetrics) == "no such type of metric");
  CHECK(refusal("# UNIT a_bytes seconds", Dialect::openmetrics) ==
        "the name does not end in its unit");
  CHECK(refusal("# any other comment", Dialect::openmetrics) ==
        "a comment that OpenMetrics does not know");
  CHECK(refusal("", Dialect::openmetrics) == "OpenMetrics has no empty lines");
  CHECK(refusal("a 1 # {", Dialect::openmetrics) == "the labels have no end");
  CHECK(refusal("a 1 # {} x", Dialect::openmetrics) == "an exemplar's value is no number");
  CHECK(refusal("a 1 # 5", Dialect::openmetrics) == "an exemplar begins with its labels");
}

TEST_CASE("numbers as Prometheus writes and reads them") {
  double value = 0;
  for (const char* text : {"0", "-1", "+1.5", ".5", "1.", "1e3", "1E-3", "12345678901234567890"}) {
    CAPTURE(text);
    CHECK(to_value(text, value));
    CHECK(value == std::strtod(text, nullptr));
  }
  CHECK(to_value("NaN", value));
  CHECK(std::isnan(value));
  CHECK(to_value("nan", value));
  CHECK(to_value("-Inf", value));
  CHECK(value == -INFINITY);
  CHECK(to_value("+infinity", value));
  CHECK(value == INFINITY);
  for (const char* text : {"", "+", "-", "e5", "1e", "in", "na", "0x10", "1,5", " 1"}) {
    CAPTURE(text);
    CHECK_FALSE(to_value(text, value));
  }
}

TEST_CASE("limits hold") {
  const ExpositionParser::Limits limits{.line = 20, .labels = 2};
  const auto told_within = [&](std::string_view text) {
    Told told;
    ExpositionParser(Dialect::prometheus, limits).parse(text, told);
    return told.lines;
  };
  CHECK(told_within("a{b=\"1\",c=\"2\"} 1\n") == Lines{"1 a b=1 c=2 1"});
  CHECK(told_within("a{b=\"\",c=\"\",d=\"\"} 1\n") == Lines{"1 bad: too many labels"});
  CHECK(told_within("a_name_that_is_long_indeed 1\nb 2\n") ==
        Lines{"1 bad: the line is too long", "2 b 2"});
}

TEST_CASE("names are those of the data model") {
  CHECK(is_metric_name("a:b_C9"));
  CHECK(is_metric_name(":a"));
  CHECK_FALSE(is_metric_name(""));
  CHECK_FALSE(is_metric_name("9a"));
  CHECK_FALSE(is_metric_name("a.b"));
  CHECK(is_label_name("_a9"));
  CHECK_FALSE(is_label_name("a:b"));
  CHECK_FALSE(is_label_name("ä"));
}
