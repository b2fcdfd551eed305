#include "parse/output.hpp"

#include <algorithm>

#include "parse/influx.hpp"
#include "parse/nagios.hpp"

namespace hostmeter::parse {
namespace {

constexpr std::string_view kNames[] = {"prometheus", "openmetrics", "influx",
                                       "json",       "nagios",      "value"};

ParsedOutput parse_exposition(std::string_view text, const OutputOptions& options) {
  const Dialect dialect =
      options.format == Format::openmetrics ? Dialect::openmetrics : Dialect::prometheus;
  FamilyBuilder builder(dialect, options.limits.series);
  ExpositionParser(dialect, {.line = options.limits.line}).parse(text, builder);
  ParsedOutput parsed{.series = builder.series(),
                      .bad_lines = builder.bad_lines(),
                      .duplicates = builder.duplicates(),
                      .clashes = builder.clashes(),
                      .beyond_limit = builder.beyond_limit(),
                      .complaints = builder.complaints()};
  parsed.families = in_text_format(builder.take());
  return parsed;
}

// What was cut off in the middle of a line is not taken for a whole one.
std::string_view whole_lines(std::string_view text, bool was_cut, MeasurementSink& sink) {
  if (!was_cut || text.ends_with('\n')) return text;
  const std::size_t size = text.find_last_of('\n') + 1;  // 0: there is none
  sink.on_bad_line(
      1 + std::size_t(std::count(text.begin(), text.begin() + std::ptrdiff_t(size), '\n')),
      "the last line has no end: the output was cut off");
  return text.substr(0, size);
}

}  // namespace

std::optional<Format> format_of(std::string_view name) {
  const auto found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return {};
  return Format(found - std::begin(kNames));
}

std::string_view name_of(Format format) {
  return kNames[std::size_t(format)];
}

bool parse_measurements(std::string_view text, const OutputOptions& options, OutputEnd end,
                        MeasurementSink& sink) {
  const OutputOptions::Limits& limits = options.limits;
  switch (options.format) {
    case Format::prometheus:
    case Format::openmetrics:
      return false;
    case Format::influx:
      InfluxParser({.line = limits.line}).parse(whole_lines(text, end.was_cut, sink), sink);
      break;
    case Format::json:
      parse_json(text, options.name, options.json, {.bytes = limits.bytes, .values = limits.series},
                 sink);
      break;
    case Format::nagios:
      parse_nagios(whole_lines(text, end.was_cut, sink), end.exit_status, {.line = limits.line},
                   sink);
      break;
    case Format::value:
      if (end.was_cut)
        sink.on_bad_line(1, "the output was cut off: its last word is not there");
      else
        parse_value(text, options.name, options.value, sink);
      break;
  }
  return true;
}

ParsedOutput parse_output(std::string_view text, const OutputOptions& options, OutputEnd end) {
  MeasuredFamilies families(options.naming, {.series = options.limits.series});
  if (!parse_measurements(text, options, end, families)) return parse_exposition(text, options);
  ParsedOutput parsed{.series = families.series(),
                      .bad_lines = families.bad_lines(),
                      .duplicates = families.duplicates(),
                      .beyond_limit = families.beyond_limit(),
                      .without_series = families.without_series(),
                      .complaints = families.complaints()};
  parsed.families = families.take();
  return parsed;
}

}  // namespace hostmeter::parse
