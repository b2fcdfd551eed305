// Families of a script's output, written out and read again: all of it has to be understood.
#pragma once
#include <cstdlib>
#include <string>

#include "hostmeter/base/utf8.hpp"
#include "parse/output.hpp"

namespace hostmeter::parse {

inline void check_written_again(const ParsedOutput& parsed, std::size_t most_series) {
  std::string text;
  std::size_t series = 0;
  for (const MetricFamily& family : parsed.families) {
    if (!is_metric_name(family.name)) std::abort();
    for (const MetricFamily::Series& one : family.series) {
      if (one.name != family.name || !is_utf8(one.labels)) std::abort();
      text += one.name + "{" + one.labels + "} 1\n";
      ++series;
    }
  }
  const ParsedOutput again = parse_output(text, {});
  if (again.bad_lines != 0 || again.series != series) std::abort();
  if (series != parsed.series || series > most_series) std::abort();
}

// As each metric version calls them, whole and cut off.
inline void check_output(std::string_view text, OutputOptions options) {
  options.limits.series = 100;
  for (const MetricVersion version : {MetricVersion::v1, MetricVersion::v2})
    for (const bool was_cut : {false, true}) {
      options.naming.version = version;
      options.naming.string_as_label = was_cut;
      check_written_again(parse_output(text, options, {.was_cut = was_cut}), 100);
    }
}

}  // namespace hostmeter::parse
