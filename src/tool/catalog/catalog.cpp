#include "tool/catalog/catalog.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

namespace hostmeter::tool {
namespace {

struct Row {
  const MetricDesc* metric;
  const CollectorSpec* collector;
};

std::vector<Row> rows_by_name(std::span<const CollectorSpec* const> collectors) {
  std::vector<Row> rows;
  for (const CollectorSpec* collector : collectors)
    for (const MetricDesc& metric : collector->metrics) rows.push_back({&metric, collector});
  std::stable_sort(rows.begin(), rows.end(), [](const Row& one, const Row& other) {
    return one.metric->name < other.metric->name;
  });
  return rows;
}

std::string_view in_words(Kind kind) {
  constexpr std::string_view kNames[] = {"counter", "gauge", "untyped", "histogram"};
  return kNames[std::size_t(kind)];
}

std::string_view in_words(Origin origin) {
  constexpr std::string_view kNames[] = {"hostmeter", "node_exporter", "cadvisor"};
  return kNames[std::size_t(origin)];
}

std::string_view in_words(Scope scope) {
  return scope == Scope::host ? "host" : "container";
}

// What the values are in: a base unit, or the microseconds of a name that was inherited.
std::string_view unit_of(const MetricDesc& metric) {
  if (metric.encoding == Encoding::microseconds) return "microseconds";
  std::string_view unit = suffix(metric.unit);
  if (metric.unit == Unit::info) return {};
  if (!unit.empty()) unit.remove_prefix(1);
  return unit;
}

std::vector<std::string_view> labels_of(const MetricDesc& metric) {
  std::vector<std::string_view> labels;
  for (std::string_view rest = metric.labels; !rest.empty();) {
    labels.push_back(rest.substr(0, rest.find(',')));
    rest.remove_prefix(std::min(labels.back().size() + 1, rest.size()));
  }
  return labels;
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == '|' ? std::string("\\|") : std::string(1, c == '\n' ? ' ' : c);
  return out;
}

std::string row_of(const Row& row) {
  const MetricDesc& metric = *row.metric;
  std::string labels;
  if (row.collector->scope == Scope::container) labels = "container's";
  for (const std::string_view label : labels_of(metric))
    labels += (labels.empty() ? "`" : ", `") + std::string(label) + '`';
  std::string out = "| `" + std::string(metric.name) + "` | ";
  for (const std::string_view text :
       {in_words(metric.kind), unit_of(metric), std::string_view(labels), in_words(metric.origin)})
    out += cell(text) + " | ";
  return out + cell(metric.help) + " |\n";
}

}  // namespace

std::string markdown(std::span<const CollectorSpec* const> collectors) {
  std::string out =
      "# Metrics\n\n"
      "Made by `hostmeter catalog`. *Origin* says whose name it is: Hostmeter's own follow "
      "Prometheus' naming rules or are another agent's that do; those of node_exporter and "
      "cAdvisor "
      "that do not are kept as dashboards know them. *container's* labels are `id`, `name`, "
      "`image` "
      "and, in Kubernetes, `namespace`, `pod` and `container`.\n\n"
      "| name | type | unit | labels | origin | |\n|---|---|---|---|---|---|\n";
  for (const Row& row : rows_by_name(collectors)) out += row_of(row);
  return out;
}

std::string json(std::span<const CollectorSpec* const> collectors) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Row& row : rows_by_name(collectors)) {
    const MetricDesc& metric = *row.metric;
    all.push_back({{"name", metric.name},
                   {"type", in_words(metric.kind)},
                   {"unit", unit_of(metric)},
                   {"labels", labels_of(metric)},
                   {"collector", row.collector->name},
                   {"scope", in_words(row.collector->scope)},
                   {"origin", in_words(metric.origin)},
                   {"help", metric.help}});
  }
  return all.dump(1) + '\n';
}

}  // namespace hostmeter::tool
