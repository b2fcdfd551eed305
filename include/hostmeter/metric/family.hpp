// A metric that nobody here declared: what a script printed, with its type and its series.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace hostmeter {

enum class MetricType : std::uint8_t {
  unknown,  // "untyped" in Prometheus's text format
  counter,
  gauge,
  histogram,
  summary,
  info,  // the rest is of OpenMetrics alone
  stateset,
  gauge_histogram,
};

struct MetricFamily {
  struct Series {
    std::string name;    // of a histogram NAME_bucket, NAME_sum, NAME_count
    std::string labels;  // `a="b",c="d"`, sorted by name, escaped as the text formats want it
    double value = 0;
    std::string strings{};  // values of a measurement that are text, as labels are kept
    friend bool operator==(const Series&, const Series&) = default;
  };

  std::string name{};
  MetricType type = MetricType::unknown;
  std::string help{}, unit{};
  std::vector<Series> series{};
  // Of a measurement that who serves it names: where it is from, as it was printed.
  std::string measurement{}, field{};
  bool is_boolean = false;
  friend bool operator==(const MetricFamily&, const MetricFamily&) = default;
};

}  // namespace hostmeter
