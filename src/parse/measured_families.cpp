#include "parse/measured_families.hpp"

#include <algorithm>
#include <utility>

#include "parse/label_text.hpp"

namespace hostmeter::parse {

void MeasuredFamilies::on_measurement(std::size_t line, const Measurement& measurement) {
  measurement_ = naming_.name_prefix;
  measurement_ += naming_.name_override.empty() ? measurement.name : naming_.name_override;
  measurement_ += naming_.name_suffix;
  if (!write_labels(measurement)) return complain(line, "two tags are one label of Prometheus's");
  for (const Field& field : measurement.fields) {
    const std::optional<double> value = sample_value(naming_.version, field.value);
    if (!value) {
      ++without_series_;
      continue;
    }
    name_.clear();
    if (append_metric_name(naming_.version, measurement_, field.name, name_))
      add(line, field, *value, measurement.time_ns);
    else
      complain(line, "no name of a metric can be made of this");
  }
}

void MeasuredFamilies::on_bad_line(std::size_t line, std::string_view why) {
  complain(line, why);
}

std::vector<MetricFamily> MeasuredFamilies::take() {
  by_key_.clear();
  seen_.clear();
  return std::exchange(families_, {});
}

// False: two tags have the same name once it is a label's. A tag that cannot be one is left out, as
// Telegraf does.
bool MeasuredFamilies::write_labels(const Measurement& measurement) {
  labels_.clear();
  for (const Label& tag : measurement.tags) {
    OwnLabel label{{}, tag.value};
    if (append_label_name(tag.name, label.name)) labels_.push_back(std::move(label));
  }
  const auto by_name = [](const OwnLabel& a, const OwnLabel& b) { return a.name < b.name; };
  std::sort(labels_.begin(), labels_.end(), by_name);
  const auto same =
      std::adjacent_find(labels_.begin(), labels_.end(),
                         [](const OwnLabel& a, const OwnLabel& b) { return a.name == b.name; });
  if (same != labels_.end()) return false;
  if (naming_.string_as_label) {
    add_string_labels(measurement);
    std::sort(labels_.begin(), labels_.end(), by_name);
  }
  label_text_.clear();
  for (const OwnLabel& label : labels_) append_label(label_text_, label.name, label.value);
  string_text_.clear();
  if (naming_.keeps_origin) write_strings(measurement);
  return true;
}

void MeasuredFamilies::write_strings(const Measurement& measurement) {
  labels_.clear();
  add_string_labels(measurement);
  std::sort(labels_.begin(), labels_.end(),
            [](const OwnLabel& a, const OwnLabel& b) { return a.name < b.name; });
  for (const OwnLabel& label : labels_) append_label(string_text_, label.name, label.value);
}

// Of a tag and a string of one name version 1 takes the string, version 2 the tag.
void MeasuredFamilies::add_string_labels(const Measurement& measurement) {
  const std::size_t tags = labels_.size();
  for (const Field& field : measurement.fields) {
    const auto* const text = std::get_if<std::string_view>(&field.value);
    OwnLabel label{{}, text ? *text : std::string_view()};
    if (!text || !append_label_name(field.name, label.name)) continue;
    const auto same = std::find_if(labels_.begin(), labels_.end(),
                                   [&](const OwnLabel& one) { return one.name == label.name; });
    if (same == labels_.end())
      labels_.push_back(std::move(label));
    else if (naming_.version == MetricVersion::v1 && std::size_t(same - labels_.begin()) < tags)
      same->value = label.value;
  }
}

// The series of name_, label_text_ and string_text_.
void MeasuredFamilies::add(std::size_t line, const Field& field, double value,
                           std::optional<std::int64_t> time_ns) {
  family_key_ = name_;
  if (naming_.keeps_origin) {
    (family_key_ = measurement_) += '\0';
    (family_key_ += field.name) += std::holds_alternative<bool>(field.value) ? '!' : '=';
  }
  bytes_ += name_.size() + label_text_.size() + string_text_.size();
  if (bytes_ <= limits_.bytes) {
    key_ = family_key_;
    key_ += '{';
    key_ += label_text_;
    key_ += '{';
    key_ += string_text_;
    if (const auto known = seen_.find(key_); known != seen_.end())
      return add_again(line, value, time_ns, known->second);
  }
  if (bytes_ > limits_.bytes || seen_.size() >= limits_.series) {
    if (beyond_limit_++ == 0) complain(line, "too many series: this one and all that follow");
    return;
  }
  MetricFamily& family = family_of(field);
  seen_.emplace(key_,
                Place{std::size_t(&family - families_.data()), family.series.size(), time_ns});
  family.series.push_back({name_, label_text_, value, string_text_});
}

MetricFamily& MeasuredFamilies::family_of(const Field& field) {
  const auto [found, is_new] = by_key_.try_emplace(family_key_, families_.size());
  if (!is_new) return families_[found->second];
  MetricFamily& family = families_.emplace_back();
  family.name = name_;
  if (naming_.keeps_origin) {
    family.measurement = measurement_;
    family.field = field.name;
    family.is_boolean = std::holds_alternative<bool>(field.value);
  }
  return family;
}

void MeasuredFamilies::add_again(std::size_t line, double value,
                                 std::optional<std::int64_t> time_ns, Place& place) {
  ++duplicates_;
  const bool is_newer = time_ns && place.time_ns && *time_ns > *place.time_ns;
  if (!is_newer) return complain(line, "the series was there before");
  families_[place.family].series[place.series].value = value;
  place.time_ns = time_ns;
  complain(line, "the series was there before, of an older time: this one stands");
}

void MeasuredFamilies::complain(std::size_t line, std::string_view why) {
  ++bad_lines_;
  if (complaints_.size() < FamilyBuilder::kMostComplaints) complaints_.push_back({line, why});
}

}  // namespace hostmeter::parse
