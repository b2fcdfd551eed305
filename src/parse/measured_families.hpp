// Measurements as families of Prometheus's: a series for each field, a label for each tag.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "hostmeter/metric/family.hpp"
#include "parse/families.hpp"
#include "parse/measurement.hpp"
#include "parse/telegraf_names.hpp"

namespace hostmeter::parse {

// As Telegraf's options of these names.
struct Naming {
  MetricVersion version = MetricVersion::v2;
  bool string_as_label = false;
  // Families keep what they were made of, and strings stay apart, for who names them once more.
  bool keeps_origin = false;
  std::string name_override{}, name_prefix{}, name_suffix{};  // of measurements
  friend bool operator==(const Naming&, const Naming&) = default;
};

// All families are untyped. Of two values of one series the newer one stands, and the first when
// nothing tells which that is; the other is counted and named.
class MeasuredFamilies final : public MeasurementSink {
 public:
  struct Limits {
    std::size_t series = 10'000;
    std::size_t bytes = 16U << 20;  // of names and labels of all series: a tag is in each of a line
  };

  MeasuredFamilies(Naming naming, Limits limits) : naming_(std::move(naming)), limits_(limits) {}

  void on_measurement(std::size_t line, const Measurement& measurement) override;
  void on_bad_line(std::size_t line, std::string_view why) override;

  // In the order in which they were first heard of.
  std::vector<MetricFamily> take();

  std::size_t series() const { return seen_.size(); }
  std::size_t bad_lines() const { return bad_lines_; }
  std::size_t duplicates() const { return duplicates_; }  // among the bad lines
  std::size_t beyond_limit() const { return beyond_limit_; }
  std::size_t without_series() const { return without_series_; }  // fields: strings, booleans
  const std::vector<Complaint>& complaints() const { return complaints_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Place {
    std::size_t family, series;
    std::optional<std::int64_t> time_ns;
  };
  struct OwnLabel {
    std::string name;
    std::string_view value;
  };

  bool write_labels(const Measurement&);
  void add_string_labels(const Measurement&);
  void write_strings(const Measurement&);
  void add(std::size_t line, const Field& field, double value, std::optional<std::int64_t> time_ns);
  MetricFamily& family_of(const Field& field);
  void add_again(std::size_t line, double value, std::optional<std::int64_t> time_ns, Place&);
  void complain(std::size_t line, std::string_view why);

  const Naming naming_;
  const Limits limits_;
  std::vector<MetricFamily> families_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> by_key_;
  std::unordered_map<std::string, Place, Hash, std::equal_to<>> seen_;  // by `key{labels{strings`
  std::string measurement_, name_, label_text_, string_text_, key_, family_key_;
  std::vector<OwnLabel> labels_;
  std::size_t bytes_ = 0, bad_lines_ = 0, duplicates_ = 0, beyond_limit_ = 0, without_series_ = 0;
  std::vector<Complaint> complaints_;
};

}  // namespace hostmeter::parse
