#include "parse/output.hpp"

#include <doctest/doctest.h>

#include "parse/told_measurements.hpp"

using namespace hostmeter;
using namespace hostmeter::parse;

namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const ParsedOutput& parsed) {
  Lines lines;
  for (const MetricFamily& family : parsed.families)
    for (const MetricFamily::Series& series : family.series) {
      char value[32];
      std::snprintf(value, sizeof value, " %g", series.value);
      lines.push_back(series.name + "{" + series.labels + "}" + value);
    }
  for (const Complaint& one : parsed.complaints)
    lines.push_back(std::to_string(one.line) + " " + std::string(one.why));
  return lines;
}

}  // namespace

TEST_CASE("each format gives its families") {
  CHECK(lines_of(parse_output("# TYPE a gauge\na{b=\"c\"} 1\n", {})) == Lines{"a{b=\"c\"} 1"});
  CHECK(lines_of(parse_output("# TYPE a counter\na_total 1\n# EOF\n",
                              {.format = Format::openmetrics})) == Lines{"a_total{} 1"});
  CHECK(lines_of(parse_output("m,t=1 a=1\n", {.format = Format::influx})) ==
        Lines{"m_a{t=\"1\"} 1"});
  CHECK(lines_of(parse_output("{\"a\": 1}", {.format = Format::json, .name = "n"})) ==
        Lines{"n_a{} 1"});
  CHECK(lines_of(parse_output("OK | a=1s\n", {.format = Format::nagios}, {.exit_status = 2})) ==
        Lines{"nagios_value{perfdata=\"a\",unit=\"s\"} 1", "nagios_state_state{} 2"});
  CHECK(lines_of(parse_output("5", {.format = Format::value})) == Lines{"exec_value{} 5"});
}

TEST_CASE("what is wrong is counted and named in every format") {
  const ParsedOutput text = parse_output("a 1\na 2\n?\n# TYPE a gauge\n", {});
  CHECK(text.series == 1);
  CHECK(text.bad_lines == 3);
  CHECK(text.duplicates == 1);
  CHECK(text.clashes == 1);
  CHECK(text.complaints.size() == 3);
  const ParsedOutput influx = parse_output("m a=1,s=\"x\"\nm a=2\n?\nm b=1,c=1\n",
                                           {.format = Format::influx, .limits = {.series = 2}});
  CHECK(influx.series == 2);
  CHECK(influx.bad_lines == 3);
  CHECK(influx.duplicates == 1);
  CHECK(influx.beyond_limit == 1);
  CHECK(influx.without_series == 1);
  for (const Format format : {Format::prometheus, Format::influx, Format::nagios})
    CHECK(parse_output("a long line\n", {.format = format, .limits = {.line = 5}})
              .complaints.at(0)
              .why == "the line is too long");
}

TEST_CASE("what was cut off is not taken for whole") {
  const OutputEnd cut{.was_cut = true};
  CHECK(lines_of(parse_output("m a=1\nm b=12", {.format = Format::influx}, cut)) ==
        Lines{"m_a{} 1", "2 the last line has no end: the output was cut off"});
  CHECK(lines_of(parse_output("m a=1\n", {.format = Format::influx}, cut)) == Lines{"m_a{} 1"});
  CHECK(lines_of(parse_output("OK | a=12", {.format = Format::nagios}, cut)).size() == 2);
  CHECK(lines_of(parse_output("12", {.format = Format::value}, cut)) ==
        Lines{"1 the output was cut off: its last word is not there"});
}

TEST_CASE("measurements can be had without families") {
  ToldMeasurements told;
  CHECK(parse_measurements("{\"a\": 1}", {.format = Format::json}, {}, told));
  CHECK(told.lines == Lines{"1 exec | a=1"});
  CHECK_FALSE(parse_measurements("a 1\n", {}, {}, told));
}

TEST_CASE("formats are called as Telegraf's are") {
  for (const char* name : {"prometheus", "openmetrics", "influx", "json", "nagios", "value"}) {
    REQUIRE(format_of(name));
    CHECK(name_of(*format_of(name)) == name);
  }
  CHECK_FALSE(format_of("auto"));
}
