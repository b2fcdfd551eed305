#include "tool/diff/side.hpp"

#include <algorithm>
#include <cmath>

namespace hostmeter::tool {
namespace {

bool counts_up(const MetricFamily& family, std::string_view sample) {
  switch (family.type) {
    case MetricType::counter:
    case MetricType::histogram:
      return true;
    case MetricType::summary:
      return sample != family.name;
    default:
      return false;
  }
}

}  // namespace

std::string renamed(std::string_view name,
                    const std::vector<std::pair<std::string, std::string>>& rules) {
  for (const auto& [from, to] : rules) {
    const std::size_t star = from.find('*');
    if (star == std::string::npos) {
      if (name == from) return to;
      continue;
    }
    const std::string_view before = std::string_view(from).substr(0, star);
    const std::string_view behind = std::string_view(from).substr(star + 1);
    if (name.size() < before.size() + behind.size() || !name.starts_with(before) ||
        !name.ends_with(behind))
      continue;
    const std::string_view middle =
        name.substr(before.size(), name.size() - before.size() - behind.size());
    std::string made = to;
    if (const std::size_t at = made.find('*'); at != std::string::npos) made.replace(at, 1, middle);
    return made;
  }
  return std::string(name);
}

Side::Labels labels_of(std::string_view text) {
  Side::Labels labels;
  while (!text.empty()) {
    const std::size_t equals = text.find("=\"");
    if (equals == std::string_view::npos) break;
    std::size_t end = equals + 2;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    end = std::min(end, text.size());
    labels.emplace_back(text.substr(0, equals), text.substr(equals + 2, end - equals - 2));
    text.remove_prefix(std::min(end + 2, text.size()));  // with the comma
  }
  return labels;
}

void Side::observe(const std::vector<MetricFamily>& families, double at) {
  for (const MetricFamily& family : families) {
    const std::string name = renamed(family.name, selection_.renamed);
    if (!selection_.families.passes(name)) continue;
    types_.emplace(name, family.type);
    for (const MetricFamily::Series& series : family.series) observe(family, series, at);
  }
}

void Side::observe(const MetricFamily& family, const MetricFamily::Series& one, double at) {
  const std::string family_name = renamed(family.name, selection_.renamed);
  // The sample's own end behind the family's name: _bucket, for example.
  std::string name = family_name + one.name.substr(std::min(family.name.size(), one.name.size()));
  std::string key = name + '{';
  for (const auto& [label, value] : labels_of(one.labels)) {
    if (std::ranges::find(selection_.ignored_labels, label) != selection_.ignored_labels.end())
      continue;
    if (key.back() != '{') key += ',';
    key += label + "=\"" + value + '"';
  }
  key += '}';
  if (whole_labels_.emplace(key, one.labels).first->second != one.labels) {
    twins_[key] = true;
    series_.erase(key);
  }
  if (twins_.contains(key)) return;
  auto [found, is_new] = series_.try_emplace(std::move(key));
  Series& series = found->second;
  if (is_new)
    series = {
        .family = family_name, .name = std::move(name), .is_counter = counts_up(family, one.name)};
  observe(series, one.value, at);
}

void Side::observe(Series& series, double value, double at) {
  const bool is_first = series.is_only_nan();
  ++series.scrapes;
  if (std::isnan(value)) return void(++series.nans);
  if (is_first) {
    series.first = series.least = series.most = value;
    series.first_at = at;
  }
  if (series.is_counter && value < series.last) series.fell = true;
  series.last = value;
  series.last_at = at;
  series.least = std::min(series.least, value);
  series.most = std::max(series.most, value);
}

}  // namespace hostmeter::tool
