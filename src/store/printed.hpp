// What scripts print, put together for all of them.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hostmeter/metric/family.hpp"

namespace hostmeter::store {

// Metrics that nobody here declared, by name. Never changed once made: snapshots share it.
struct PrintedMetrics {
  struct Metric {
    std::string name, help;
    MetricType type = MetricType::unknown;
    std::vector<MetricFamily::Series> series;
  };
  // What one of them printed, as it did.
  struct Said {
    std::string by;
    std::shared_ptr<const std::vector<MetricFamily>> families;
  };
  std::vector<Metric> metrics;
  std::vector<Said> said;  // sorted by who said it
};

// Lives on the pump thread. No line may be there twice in a scrape, and no metric be of two types:
// of two scripts that contradict each other the first by name stands, and our own metrics stand
// before them all. What is left out is counted.
class Printers {
 public:
  struct Options {
    std::size_t max_series = 0;
    std::vector<std::pair<std::string, std::string>> labels;  // for every series without them
    std::function<bool(std::string_view)> is_taken;           // a name that is not to be had
  };
  explicit Printers(Options options) : options_(std::move(options)) {}

  // In the place of what it printed before; nothing: it is gone.
  void set(const std::string& by, std::vector<MetricFamily> families);

  // What all say now; null while they say nothing.
  std::shared_ptr<const PrintedMetrics> metrics();

  // Of what is said now.
  std::size_t series() const { return series_; }
  std::size_t left_out() const { return left_out_; }

 private:
  void put_together();
  PrintedMetrics::Metric one_of(const std::vector<const MetricFamily*>& families);
  bool is_taken(const MetricFamily& family) const;
  std::string with_labels(const std::string& own) const;

  const Options options_;
  std::map<std::string, std::shared_ptr<const std::vector<MetricFamily>>> by_printer_;
  std::shared_ptr<const PrintedMetrics> metrics_;
  bool changed_ = false;
  std::size_t series_ = 0, left_out_ = 0;
};

}  // namespace hostmeter::store
