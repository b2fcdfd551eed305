// What a script printed, in the format that is its own: families of series, and what was wrong.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/metric/family.hpp"
#include "parse/families.hpp"
#include "parse/json.hpp"
#include "parse/measured_families.hpp"
#include "parse/measurement.hpp"
#include "parse/value.hpp"

namespace hostmeter::parse {

enum class Format : std::uint8_t { prometheus, openmetrics, influx, json, nagios, value };

// Nothing: no such format.
std::optional<Format> format_of(std::string_view name);
std::string_view name_of(Format);

struct OutputOptions {
  struct Limits {
    std::size_t line = 64U << 10;  // bytes, of all but json
    std::size_t series = 10'000;
    std::size_t bytes = 4U << 20;  // of json
    friend bool operator==(const Limits&, const Limits&) = default;
  };
  Format format = Format::prometheus;
  Limits limits{};
  // Of all formats but prometheus and openmetrics:
  Naming naming{};
  std::string name = "exec";  // of the measurement, where the format has none
  JsonOptions json{};
  ValueOptions value{};
  friend bool operator==(const OutputOptions&, const OutputOptions&) = default;
};

// How the script ended.
struct OutputEnd {
  int exit_status = 0;   // 3, as Nagios's "unknown", when it did not exit
  bool was_cut = false;  // there was more than is here
};

struct ParsedOutput {
  std::vector<MetricFamily> families{};  // as the older text format can say it
  std::size_t series = 0;
  std::size_t bad_lines = 0;
  std::size_t duplicates = 0, clashes = 0;  // among the bad lines
  std::size_t beyond_limit = 0;             // series
  std::size_t without_series = 0;           // fields that are strings or, in version 1, booleans
  std::vector<Complaint> complaints{};      // the first of them
};

ParsedOutput parse_output(std::string_view text, const OutputOptions& options, OutputEnd end = {});

// Of influx, json, nagios and value; false: the format is another one, and has no measurements.
bool parse_measurements(std::string_view text, const OutputOptions& options, OutputEnd end,
                        MeasurementSink& sink);

}  // namespace hostmeter::parse
