// What scripts print, put together for all of them.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hostmeter/metric/family.hpp"

namespace hostmeter::store {

using PrintedFamilies = std::shared_ptr<const std::vector<MetricFamily>>;

// Metrics that nobody here declared, by name. Never changed once made: snapshots share it.
struct PrintedMetrics {
  struct Metric {
    std::string_view name, help;
    MetricType type = MetricType::unknown;
    std::vector<const MetricFamily::Series*> series;
  };
  // What one of them printed, as it did.
  struct Said {
    std::string by;
    PrintedFamilies families;
  };
  std::vector<Metric> metrics;        // they point into what is held
  std::vector<PrintedFamilies> held;  // likewise, with the labels of every series
  std::vector<Said> said;             // sorted by who said it
};

// Lives on the pump thread. No line may be there twice in a scrape, and no metric be of two types:
// of two scripts that contradict each other the first by name stands, and our own metrics stand
// before them all. When all together are too much, what the largest of them printed is let go, as a
// whole, until it prints again: who prints too much costs himself. What is left out is counted.
class Printers {
 public:
  struct Options {
    std::size_t max_series = 0;
    std::vector<std::pair<std::string, std::string>> labels;  // for every series without them
    std::function<bool(std::string_view)> is_taken;           // a name that is not to be had
    std::size_t max_bytes = ~std::size_t{0};                  // of all that is held
    // Whether anybody shows them put together: else each stands for itself, nobody contradicts
    // another, and only what is too much is left out.
    bool are_together = true;
  };
  explicit Printers(Options options) : options_(std::move(options)) {}

  // In the place of what it printed before; nothing: it is gone.
  void set(const std::string& by, std::vector<MetricFamily> families);

  // What all say now; null while they say nothing.
  std::shared_ptr<const PrintedMetrics> metrics();

  // Of what metrics() told last.
  std::size_t series() const { return series_; }
  std::size_t left_out() const { return left_out_; }
  // Rises when that is another than before.
  std::uint64_t changes() const { return changes_; }
  // f(who prints, how many of his series are left out), of every one.
  template <class F>
  void for_each(F f) const {
    for (const auto& [by, printer] : by_printer_) f(by, printer.left_out);
  }
  std::size_t held_bytes() const { return held_bytes_; }

  // Of whom something is left out that was not before, and the first reason, as sentences.
  std::vector<std::string> take_remarks() { return std::exchange(remarks_, {}); }

 private:
  struct Printer {
    PrintedFamilies said, shown;  // null: let go
    std::size_t series = 0, bytes = 0;
    std::size_t left_out = 0;
    std::string why, told;  // the reason now, and what was the last remark's
    // Of what is shown: families whose names are to be had, and how many series have others.
    std::vector<const MetricFamily*> wanted;
    std::size_t taken = 0;
    std::string_view first_taken;
    void leave_out(std::size_t count, std::string_view metric, std::string_view reason);
  };
  struct Named {
    Printer* printer;
    const MetricFamily* family;
  };
  void let_go(Printer& printer);
  void choose(Printer& printer) const;
  void put_together();
  void sum_up();
  PrintedMetrics::Metric one_of(std::span<const Named> all);
  bool is_taken(const MetricFamily& family) const;
  PrintedFamilies labelled(const PrintedFamilies& said) const;

  const Options options_;
  std::map<std::string, Printer> by_printer_;
  std::vector<Named> named_;  // while they are put together
  std::shared_ptr<const PrintedMetrics> metrics_;
  bool changed_ = false;
  std::uint64_t changes_ = 0;
  std::size_t series_ = 0, left_out_ = 0;
  std::size_t held_series_ = 0, held_bytes_ = 0;
  std::vector<std::string> remarks_;
};

}  // namespace hostmeter::store
