#include "tool/diff/compare.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace hostmeter::tool {
namespace {

using Kind = Difference::Kind;
using SeriesMap = std::map<std::string, Side::Series>;

std::string_view name_of(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return "counter";
    case MetricType::gauge:
      return "gauge";
    case MetricType::histogram:
      return "histogram";
    case MetricType::summary:
      return "summary";
    default:
      return "untyped";
  }
}

std::string shown(double value, const char* unit = "") {
  char text[48];
  std::snprintf(text, sizeof text, "%.6g%s", value, unit);
  return text;
}

// Whether any value of one range is near any of the other.
bool are_near(double least_a, double most_a, double least_b, double most_b,
              const Tolerance& tolerance) {
  if (std::isnan(least_a) || std::isnan(least_b)) return false;
  const double apart = std::max(least_a - most_b, least_b - most_a);
  if (!(apart > 0)) return true;  // also of infinities that are the same
  const double larger =
      std::max({std::abs(least_a), std::abs(most_a), std::abs(least_b), std::abs(most_b)});
  return std::isfinite(apart) && apart <= std::max(tolerance.absolute, tolerance.relative * larger);
}

// The names of the labels in `name{a="b",c="d"}`.
std::string label_names(std::string_view key) {
  const std::size_t open = key.find('{');
  std::string names;
  for (const auto& [name, value] : labels_of(key.substr(open + 1, key.size() - open - 2)))
    names += (names.empty() ? "" : ",") + name;
  return '{' + names + '}';
}

// Series that only one side has: a whole metric, or some series of one.
class OneSided {
 public:
  void add(const std::string& key, const Side::Series& series, bool of_a, bool other_has_name);
  void move_to(std::vector<Difference>& differences);

 private:
  struct Lacks {
    std::size_t series[2] = {0, 0};  // of a, of b
    std::set<std::string> labels[2];
    std::vector<std::string> keys[2];
    bool is_in_both = false;
  };
  std::map<std::string, Lacks> by_name_;
};

void OneSided::add(const std::string& key, const Side::Series& series, bool of_a,
                   bool other_has_name) {
  Lacks& lacks = by_name_[series.name];
  const std::size_t side = of_a ? 0 : 1;
  ++lacks.series[side];
  lacks.labels[side].insert(label_names(key));
  lacks.keys[side].push_back(key);
  lacks.is_in_both |= other_has_name;
}

std::string joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& one : names) text += (text.empty() ? "" : " ") + one;
  return text;
}

void OneSided::move_to(std::vector<Difference>& differences) {
  for (auto& [name, lacks] : by_name_) {
    const bool has_both = lacks.series[0] != 0 && lacks.series[1] != 0;
    if (has_both && lacks.labels[0] != lacks.labels[1]) {
      differences.push_back({Kind::labels, name, std::max(lacks.series[0], lacks.series[1]),
                             joined(lacks.labels[0]), joined(lacks.labels[1])});
      continue;
    }
    for (const std::size_t side : {0U, 1U}) {
      const Kind kind = side == 0 ? Kind::missing : Kind::extra;
      if (!lacks.is_in_both && lacks.series[side] != 0)
        differences.push_back({kind, name, lacks.series[side]});
      if (lacks.is_in_both)
        for (std::string& key : lacks.keys[side]) differences.push_back({kind, std::move(key)});
    }
  }
  by_name_.clear();
}

std::set<std::string_view> names_in(const SeriesMap& all) {
  std::set<std::string_view> names;
  for (const auto& [key, series] : all) names.insert(series.name);
  return names;
}

void compare_values(const std::string& key, const Side::Series& a, const Side::Series& b,
                    const Tolerance& tolerance, Comparison& made) {
  // Of two types they are compared as values, if at all: the type is told already.
  if (a.is_counter != b.is_counter) return void(++made.not_compared);
  const bool are_only_nan = a.is_only_nan() && b.is_only_nan();
  if (are_only_nan || (!a.is_counter && a.nans != 0 && b.nans != 0)) return void(++made.same);
  if (a.is_only_nan() || b.is_only_nan())
    return made.differences.push_back({Kind::value, key, 1, shown(a.last), shown(b.last)});
  if (a.is_counter) {
    if (!a.has_rate() || !b.has_rate()) return void(++made.not_compared);
    if (are_near(a.rate(), a.rate(), b.rate(), b.rate(), tolerance)) return void(++made.same);
    return made.differences.push_back(
        {Kind::rate, key, 1, shown(a.rate(), "/s"), shown(b.rate(), "/s")});
  }
  if (are_near(a.least, a.most, b.least, b.most, tolerance)) return void(++made.same);
  made.differences.push_back({Kind::value, key, 1, shown(a.last), shown(b.last)});
}

}  // namespace

std::string_view to_string(Kind kind) {
  constexpr std::string_view kNames[] = {"missing", "extra", "type", "labels", "value", "rate"};
  return kNames[std::size_t(kind)];
}

Comparison compare(const Side& a, const Side& b, const Tolerance& tolerance) {
  Comparison made;
  for (const auto& [name, type] : a.types()) {
    const auto other = b.types().find(name);
    if (other != b.types().end() && name_of(type) != name_of(other->second))
      made.differences.push_back(
          {Kind::type, name, 1, std::string(name_of(type)), std::string(name_of(other->second))});
  }
  const std::set<std::string_view> names_a = names_in(a.series()), names_b = names_in(b.series());
  OneSided one_sided;
  for (const auto& [key, series] : a.series()) {
    const auto other = b.series().find(key);
    if (other == b.series().end())
      one_sided.add(key, series, true, names_b.contains(series.name));
    else
      compare_values(key, series, other->second, tolerance, made);
  }
  for (const auto& [key, series] : b.series())
    if (!a.series().contains(key)) one_sided.add(key, series, false, names_a.contains(series.name));
  one_sided.move_to(made.differences);
  std::ranges::stable_sort(made.differences, [](const Difference& x, const Difference& y) {
    return x.kind != y.kind ? x.kind < y.kind : x.what < y.what;
  });
  return made;
}

}  // namespace hostmeter::tool
