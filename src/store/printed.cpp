#include "store/printed.hpp"

#include <algorithm>
#include <functional>
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

struct Line {
  std::string_view name, labels;
  friend bool operator==(const Line&, const Line&) = default;
};
struct LineHash {
  std::size_t operator()(const Line& line) const {
    constexpr std::hash<std::string_view> kHash;
    return kHash(line.name) * 31 + kHash(line.labels);
  }
};

// What a string has beside itself.
std::size_t text_bytes(const std::string& text) {
  static const std::size_t within = std::string().capacity();
  return text.capacity() > within ? text.capacity() + 1 : 0;
}

std::size_t bytes_of(const std::vector<MetricFamily>& families) {
  std::size_t bytes = families.capacity() * sizeof(MetricFamily);
  for (const MetricFamily& family : families) {
    bytes += text_bytes(family.name) + text_bytes(family.help) + text_bytes(family.unit);
    bytes += family.series.capacity() * (sizeof(MetricFamily::Series) + sizeof(void*));
    for (const MetricFamily::Series& series : family.series)
      bytes += text_bytes(series.name) + text_bytes(series.labels);
  }
  return bytes;
}

}  // namespace

void Printers::Printer::leave_out(std::size_t count, std::string_view metric,
                                  std::string_view reason) {
  if (count > 0 && why.empty()) ((why = metric) += ' ') += reason;
  left_out += count;
}

void Printers::let_go(Printer& printer) {
  if (!printer.said) return;
  held_bytes_ -= printer.bytes;
  held_series_ -= printer.series;
  printer.said = printer.shown = nullptr;
  printer.wanted.clear();
  printer.taken = 0;
}

// Nothing is to be looked at again as long as it does not print anew.
void Printers::choose(Printer& printer) const {
  for (const MetricFamily& family : *printer.shown) {
    if (!is_taken(family)) {
      printer.wanted.push_back(&family);
      continue;
    }
    if (printer.taken == 0) printer.first_taken = family.name;
    printer.taken += family.series.size();
  }
}

void Printers::set(const std::string& by, std::vector<MetricFamily> families) {
  changed_ = true;
  Printer& printer = by_printer_[by];
  let_go(printer);
  if (families.empty()) {
    by_printer_.erase(by);
    return;
  }
  printer.said = std::make_shared<const std::vector<MetricFamily>>(std::move(families));
  printer.shown = labelled(printer.said);
  if (options_.are_together) choose(printer);
  printer.bytes = bytes_of(*printer.said);
  if (printer.shown != printer.said) printer.bytes += bytes_of(*printer.shown);
  printer.series = 0;
  for (const MetricFamily& family : *printer.said) printer.series += family.series.size();
  held_bytes_ += printer.bytes;
  held_series_ += printer.series;
  while (held_bytes_ > options_.max_bytes || held_series_ > options_.max_series) {
    Printer* largest = nullptr;
    for (auto& [name, one] : by_printer_)
      if (one.said && (!largest || one.bytes >= largest->bytes)) largest = &one;
    let_go(*largest);
  }
}

std::shared_ptr<const PrintedMetrics> Printers::metrics() {
  if (std::exchange(changed_, false)) put_together();
  return metrics_;
}

void Printers::put_together() {
  series_ = 0;
  named_.clear();
  auto made = std::make_shared<PrintedMetrics>();
  made->said.reserve(by_printer_.size());
  made->held.reserve(by_printer_.size());
  for (auto& [by, printer] : by_printer_) {
    printer.left_out = 0;
    printer.why.clear();
    if (!printer.said) {
      printer.leave_out(printer.series, "all of it", "would be too much for all together");
      continue;
    }
    made->said.push_back({by, printer.said});
    made->held.push_back(printer.shown);
    if (!options_.are_together) {
      series_ += printer.series;
      continue;
    }
    printer.leave_out(printer.taken, printer.first_taken, "is a metric of the agent's own");
    for (const MetricFamily* const family : printer.wanted) named_.push_back({&printer, family});
  }
  const auto name_of = [](const Named& one) -> std::string_view { return one.family->name; };
  std::ranges::stable_sort(named_, {}, name_of);
  made->metrics.reserve(named_.size());
  for (auto first = named_.begin(), end = first; first != named_.end(); first = end) {
    end = std::find_if(first, named_.end(),
                       [&](const Named& one) { return name_of(one) != name_of(*first); });
    PrintedMetrics::Metric metric = one_of({first, end});
    if (!metric.series.empty()) made->metrics.push_back(std::move(metric));
  }
  metrics_ = made->said.empty() ? nullptr : std::move(made);
  sum_up();
}

void Printers::sum_up() {
  ++changes_;
  left_out_ = 0;
  for (auto& [by, printer] : by_printer_) {
    left_out_ += printer.left_out;
    if (std::exchange(printer.told, printer.why) != printer.why && !printer.why.empty())
      remarks_.push_back("of what " + by + " printed " + std::to_string(printer.left_out) +
                         " series are left out: " + printer.why);
  }
}

// All of one name, those of the first script first.
PrintedMetrics::Metric Printers::one_of(std::span<const Named> all) {
  const MetricFamily& first = *all.front().family;
  PrintedMetrics::Metric metric{first.name, first.help, first.type, {}};
  std::unordered_set<Line, LineHash> lines;
  // A single script has no line twice, unless our labels make one of two.
  const bool is_alone = all.size() == 1 && options_.labels.empty();
  metric.series.reserve(first.series.size());
  for (const auto& [printer, family] : all) {
    if (family->type != metric.type) {
      printer->leave_out(family->series.size(), family->name, "has another type elsewhere");
      continue;
    }
    if (metric.help.empty()) metric.help = family->help;
    for (const MetricFamily::Series& series : family->series) {
      if (is_alone || lines.insert({series.name, series.labels}).second)
        metric.series.push_back(&series);
      else
        printer->leave_out(1, family->name, "has the same series elsewhere");
    }
  }
  series_ += metric.series.size();
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

PrintedFamilies Printers::labelled(const PrintedFamilies& said) const {
  if (options_.labels.empty()) return said;
  auto families = std::make_shared<std::vector<MetricFamily>>(*said);
  for (MetricFamily& family : *families)
    for (MetricFamily::Series& series : family.series) {
      const std::string own = series.labels;
      for (const auto& [name, value] : options_.labels)
        if (!has_label(own, name)) append_label(series.labels, name, value);
    }
  return families;
}

}  // namespace hostmeter::store
