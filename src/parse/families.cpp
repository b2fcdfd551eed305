#include "parse/families.hpp"

#include <algorithm>

#include "parse/label_text.hpp"

namespace hostmeter::parse {
namespace {

// All that samples have behind the name of their family.
constexpr std::string_view kSuffixes[] = {"_bucket", "_sum",     "_count", "_total",
                                          "_info",   "_created", "_gsum",  "_gcount"};

bool is_any(std::string_view text, std::initializer_list<std::string_view> of) {
  return std::ranges::find(of, text) != of.end();
}

bool has_label(const Sample& sample, std::string_view name) {
  return std::ranges::any_of(sample.labels, [&](const Label& one) { return one.name == name; });
}

// What a sample must have beside a name of its family; empty: nothing is wrong.
std::string_view lacks(const Sample& sample, const MetricFamily& family) {
  const bool has_buckets =
      family.type == MetricType::histogram || family.type == MetricType::gauge_histogram;
  if (has_buckets && sample.name.ends_with("_bucket") && !has_label(sample, "le"))
    return "a bucket of a histogram has no label le";
  if (family.type == MetricType::summary && sample.name == family.name &&
      !has_label(sample, "quantile"))
    return "a value of a summary has no label quantile";
  if (family.type == MetricType::stateset && !has_label(sample, family.name))
    return "a state has no label of its family's name";
  return {};
}

void split_by_name(const MetricFamily& family, std::vector<MetricFamily>& to) {
  const std::size_t first = to.size();
  for (const MetricFamily::Series& series : family.series) {
    const auto same =
        std::find_if(to.begin() + std::ptrdiff_t(first), to.end(),
                     [&](const MetricFamily& one) { return one.name == series.name; });
    MetricFamily& one = same != to.end() ? *same : to.emplace_back();
    if (one.series.empty()) one.name = series.name, one.help = family.help;
    one.series.push_back(series);
  }
}

}  // namespace

bool is_sample_of(std::string_view sample, std::string_view family, MetricType type,
                  Dialect dialect) {
  if (!sample.starts_with(family)) return false;
  const std::string_view suffix = sample.substr(family.size());
  const bool open = dialect == Dialect::openmetrics;
  switch (type) {
    case MetricType::counter:
      return open ? is_any(suffix, {"_total", "_created"}) : suffix.empty();
    case MetricType::histogram:
      return is_any(suffix, {"_bucket", "_sum", "_count"}) || (open && suffix == "_created");
    case MetricType::summary:
      return is_any(suffix, {"", "_sum", "_count"}) || (open && suffix == "_created");
    case MetricType::info:
      return suffix == "_info";
    case MetricType::gauge_histogram:
      return is_any(suffix, {"_bucket", "_gsum", "_gcount"});
    case MetricType::unknown:
    case MetricType::gauge:
    case MetricType::stateset:
      break;
  }
  return suffix.empty();
}

std::vector<MetricFamily> in_text_format(std::vector<MetricFamily> families) {
  std::vector<MetricFamily> made;
  for (MetricFamily& family : families) {
    std::erase_if(family.series, [&](const MetricFamily::Series& series) {
      return series.name == family.name + "_created";
    });
    if (family.series.empty()) continue;
    if (family.type == MetricType::gauge_histogram) {
      split_by_name(family, made);
      continue;
    }
    if (family.type == MetricType::info || family.type == MetricType::stateset)
      family.type = MetricType::gauge;
    // Of those types all samples have one name.
    if (family.type == MetricType::counter || family.type == MetricType::gauge)
      family.name = family.series.front().name;
    made.push_back(std::move(family));
  }
  return made;
}

void FamilyBuilder::on_help(std::size_t line, std::string_view name, std::string_view help) {
  Known& known = family(name);
  if (known.has_help && known.family.help != help)
    return clash(line, "another HELP was there before");
  known.has_help = true;
  known.family.help = help;
}

void FamilyBuilder::on_type(std::size_t line, std::string_view name, MetricType type) {
  Known& known = family(name);
  if (known.has_type && known.family.type != type)
    return clash(line, "another TYPE was there before");
  if (!known.has_type && !known.family.series.empty())
    return clash(line, "TYPE has to come before the samples");
  known.has_type = true;
  known.family.type = type;
}

void FamilyBuilder::on_unit(std::size_t line, std::string_view name, std::string_view unit) {
  Known& known = family(name);
  if (!known.family.unit.empty() && known.family.unit != unit)
    return clash(line, "another UNIT was there before");
  known.family.unit = unit;
}

void FamilyBuilder::on_sample(std::size_t line, const Sample& sample) {
  Known* const known = family_of(sample.name);
  if (!known) return clash(line, "the family of that name is of a type without such samples");
  if (const auto why = lacks(sample, known->family); !why.empty()) return clash(line, why);
  key_ = sample.name;
  key_ += '{';
  const std::size_t labels = key_.size();
  write_labels(sample.labels, key_);
  if (seen_.contains(key_)) {
    ++duplicates_;
    return complain(line, "the series was there before");
  }
  if (series_ >= max_series_) {
    if (beyond_limit_++ == 0) complain(line, "too many series: this one and all that follow");
    return;
  }
  ++series_;
  known->family.series.push_back({std::string(sample.name), key_.substr(labels), sample.value});
  seen_.insert(key_);
}

void FamilyBuilder::on_bad_line(std::size_t line, std::string_view why) {
  complain(line, why);
}

std::vector<MetricFamily> FamilyBuilder::take() {
  std::vector<MetricFamily> families;
  for (Known& known : families_)
    if (!known.family.series.empty()) families.push_back(std::move(known.family));
  families_.clear();
  by_name_.clear();
  seen_.clear();
  last_ = 0;
  return families;
}

FamilyBuilder::Known* FamilyBuilder::find(std::string_view name) {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &families_[found->second];
}

FamilyBuilder::Known& FamilyBuilder::family(std::string_view name) {
  if (Known* const known = find(name)) return *known;
  by_name_.emplace(name, families_.size());
  Known& made = families_.emplace_back();
  made.family.name = name;
  return made;
}

// Samples of a family stand together, as a rule. nullptr: there is one of that name, and it does
// not have such samples.
FamilyBuilder::Known* FamilyBuilder::family_of(std::string_view sample) {
  const auto takes = [&](const Known& known) {
    return is_sample_of(sample, known.family.name, known.family.type, dialect_);
  };
  if (last_ < families_.size() && takes(families_[last_])) return &families_[last_];
  Known* known = find(sample);
  if (known && !takes(*known)) return nullptr;
  for (const std::string_view suffix : kSuffixes) {
    if (known || !sample.ends_with(suffix)) continue;
    known = find(sample.substr(0, sample.size() - suffix.size()));
    if (known && !takes(*known)) known = nullptr;
  }
  if (!known) known = &family(sample);
  last_ = std::size_t(known - families_.data());
  return known;
}

void FamilyBuilder::write_labels(std::span<const Label> labels, std::string& out) {
  sorted_.assign(labels.begin(), labels.end());
  std::ranges::sort(sorted_, {}, &Label::name);
  for (const Label& label : sorted_) append_label(out, label.name, label.value);
}

void FamilyBuilder::clash(std::size_t line, std::string_view why) {
  ++clashes_;
  complain(line, why);
}

void FamilyBuilder::complain(std::size_t line, std::string_view why) {
  ++bad_lines_;
  if (complaints_.size() < kMostComplaints) complaints_.push_back({line, why});
}

}  // namespace hostmeter::parse
