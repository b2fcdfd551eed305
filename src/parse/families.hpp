// What an output says, put together: families of series with their types and helps.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "parse/exposition.hpp"

namespace hostmeter::parse {

// A line that cost itself, or more than that.
struct Complaint {
  std::size_t line;
  std::string_view why;  // a string literal
};

// Puts lines together as they come. What contradicts what was said before costs its own line: a
// second value of the same series, another type of the same family, a sample that its family's type
// does not have.
class FamilyBuilder final : public ExpositionSink {
 public:
  FamilyBuilder(Dialect dialect, std::size_t max_series)
      : dialect_(dialect), max_series_(max_series) {}

  void on_help(std::size_t line, std::string_view name, std::string_view help) override;
  void on_type(std::size_t line, std::string_view name, MetricType type) override;
  void on_unit(std::size_t line, std::string_view name, std::string_view unit) override;
  void on_sample(std::size_t line, const Sample& sample) override;
  void on_bad_line(std::size_t line, std::string_view why) override;

  // Those with series, in the order in which they were first heard of.
  std::vector<MetricFamily> take();

  std::size_t series() const { return series_; }
  std::size_t bad_lines() const { return bad_lines_; }
  std::size_t duplicates() const { return duplicates_; }  // among the bad lines
  std::size_t clashes() const { return clashes_; }        // likewise
  std::size_t beyond_limit() const { return beyond_limit_; }
  // The first of them.
  static constexpr std::size_t kMostComplaints = 10;
  const std::vector<Complaint>& complaints() const { return complaints_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Known {
    MetricFamily family;
    bool has_type = false, has_help = false;
  };
  Known& family(std::string_view name);
  Known* find(std::string_view name);
  Known* family_of(std::string_view sample);
  void clash(std::size_t line, std::string_view why);
  void complain(std::size_t line, std::string_view why);
  void write_labels(std::span<const Label> labels, std::string& out);

  const Dialect dialect_;
  const std::size_t max_series_;
  std::vector<Known> families_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_name_;
  std::unordered_set<std::string, Hash, std::equal_to<>> seen_;  // `name{labels`
  std::string key_;
  std::vector<Label> sorted_;
  std::size_t last_ = 0;  // the family of the last sample
  std::size_t series_ = 0, bad_lines_ = 0, duplicates_ = 0, clashes_ = 0, beyond_limit_ = 0;
  std::vector<Complaint> complaints_;
};

// As the older text format can say it: a counter is called like its samples, without when it began;
// an info and a state are gauges; a gauge histogram is what its samples are.
std::vector<MetricFamily> in_text_format(std::vector<MetricFamily> families);

// Whether a family of this type and name has samples that are called so.
bool is_sample_of(std::string_view sample, std::string_view family, MetricType type, Dialect);

}  // namespace hostmeter::parse
