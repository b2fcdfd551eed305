// What one of two endpoints served over several scrapes.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/glob_filter.hpp"
#include "hostmeter/metric/family.hpp"

namespace hostmeter::tool {

// How metrics are made comparable before they are matched.
struct Selection {
  base::GlobFilter families{};  // by name, as it is after renaming
  std::vector<std::string> ignored_labels{};
  // FROM to TO; one '*' in FROM is what '*' in TO stands for. The first that fits counts.
  std::vector<std::pair<std::string, std::string>> renamed{};
};

// The other name of a metric, or its own.
std::string renamed(std::string_view name,
                    const std::vector<std::pair<std::string, std::string>>& rules);

class Side {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;  // by name; values as written

  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  struct Series {
    std::string family;
    std::string name;
    bool is_counter = false;  // or counts like one: buckets, sums and numbers of a histogram
    // Of what is a number; NaN while nothing was.
    double first = kNaN, last = kNaN, least = kNaN, most = kNaN;
    double first_at = 0, last_at = 0;  // seconds
    unsigned scrapes = 0;
    unsigned nans = 0;  // scrapes at which it was NaN
    bool fell = false;  // a counter began anew
    bool is_only_nan() const { return nans == scrapes; }
    // A second; only when is_counter, seen twice and not begun anew.
    bool has_rate() const { return is_counter && !fell && last_at > first_at; }
    double rate() const { return (last - first) / (last_at - first_at); }
  };

  explicit Side(const Selection& selection) : selection_(selection) {}

  // One scrape of it, `at` seconds after whatever moment.
  void observe(const std::vector<MetricFamily>& families, double at);

  // By `name{labels}`, of the labels that count.
  const std::map<std::string, Series>& series() const { return series_; }
  const std::map<std::string, MetricType>& types() const { return types_; }
  // Series that are another one's twin once labels are ignored; they are not compared.
  std::size_t ambiguous() const { return twins_.size(); }

 private:
  void observe(const MetricFamily& family, const MetricFamily::Series& one, double at);
  static void observe(Series& series, double value, double at);

  const Selection& selection_;
  std::map<std::string, Series> series_;
  std::map<std::string, MetricType> types_;
  std::map<std::string, std::string> whole_labels_;  // of each series, to tell twins
  std::map<std::string, bool> twins_;
};

// Of `a="b",c="d"`.
Side::Labels labels_of(std::string_view text);

}  // namespace hostmeter::tool
