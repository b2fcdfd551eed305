#include "store/printed.hpp"

#include <algorithm>
#include <unordered_set>

#include "store/labels.hpp"

namespace hostmeter::store {
namespace {

// Whether the labels, `a="b",c="d"`, have one of this name. A value may look like one.
bool has_label(std::string_view labels, std::string_view name) {
  bool quoted = false;
  std::size_t first = 0;  // of a name
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (quoted && labels[i] == '\\') {
      ++i;
    } else if (labels[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && labels[i] == '=') {
      if (labels.substr(first, i - first) == name) return true;
    } else if (!quoted && labels[i] == ',') {
      first = i + 1;
    }
  }
  return false;
}

using Lines = std::unordered_set<std::string>;

std::string line_of(const MetricFamily::Series& series) {
  return series.name + '{' + series.labels;
}

}  // namespace

void Printers::set(const std::string& by, std::vector<MetricFamily> families) {
  changed_ = true;
  if (families.empty())
    by_printer_.erase(by);
  else
    by_printer_[by] = std::make_shared<const std::vector<MetricFamily>>(std::move(families));
}

std::shared_ptr<const PrintedMetrics> Printers::metrics() {
  if (std::exchange(changed_, false)) put_together();
  return metrics_;
}

void Printers::put_together() {
  series_ = left_out_ = 0;
  std::map<std::string_view, std::vector<const MetricFamily*>> by_name;
  for (const auto& [by, families] : by_printer_)
    for (const MetricFamily& family : *families) {
      if (is_taken(family))
        left_out_ += family.series.size();
      else
        by_name[family.name].push_back(&family);
    }
  auto made = std::make_shared<PrintedMetrics>();
  for (const auto& [by, families] : by_printer_) made->said.push_back({by, families});
  for (const auto& [name, families] : by_name) {
    PrintedMetrics::Metric metric = one_of(families);
    if (!metric.series.empty()) made->metrics.push_back(std::move(metric));
  }
  metrics_ = made->said.empty() ? nullptr : std::move(made);
}

// All of one name, those of the first script first.
PrintedMetrics::Metric Printers::one_of(const std::vector<const MetricFamily*>& families) {
  const MetricFamily& first = *families.front();
  PrintedMetrics::Metric metric{first.name, first.help, first.type, {}};
  Lines lines;  // a single script has no line twice
  const auto is_free = [&](const MetricFamily::Series& series) {
    return families.size() == 1 || lines.insert(line_of(series)).second;
  };
  for (const MetricFamily* family : families) {
    if (family->type != metric.type) {
      left_out_ += family->series.size();
      continue;
    }
    if (metric.help.empty()) metric.help = family->help;
    for (const MetricFamily::Series& series : family->series) {
      if (!is_free(series) || series_ >= options_.max_series) {
        ++left_out_;
        continue;
      }
      metric.series.push_back({series.name, with_labels(series.labels), series.value});
      ++series_;
    }
  }
  return metric;
}

// A metric of ours may also be called as the samples are: NAME_count, for example.
bool Printers::is_taken(const MetricFamily& family) const {
  if (!options_.is_taken) return false;
  std::string_view last;
  return options_.is_taken(family.name) ||
         std::ranges::any_of(family.series, [&](const MetricFamily::Series& series) {
           return std::exchange(last, series.name) != series.name && options_.is_taken(series.name);
         });
}

std::string Printers::with_labels(const std::string& own) const {
  std::string all = own;
  for (const auto& [name, value] : options_.labels)
    if (!has_label(own, name)) append_label(all, name, value);
  return all;
}

}  // namespace hostmeter::store
