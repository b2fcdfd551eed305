// What scripts print, as the exec input serves it.
#include <algorithm>

#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

// `a="b",c="d"`, as scripts' labels are kept.
Tags tags_of(const std::string& labels) {
  const auto text = store::LabelText::make(labels);
  const auto none = store::LabelText::make("");
  return labels_of({none.get(), text.get(), kNoSeries, kNoOwner});
}

bool has_samples(MetricType type) {
  return type == MetricType::histogram || type == MetricType::summary;
}

// What Telegraf's first parser calls the value of a metric.
std::string value_name(const MetricFamily& family, const std::string& suffix, const Tags& tags) {
  if (family.type == MetricType::counter) return "counter";
  if (family.type == MetricType::gauge) return "gauge";
  if (!has_samples(family.type)) return "value";
  if (suffix == "_sum" || suffix == "_count") return suffix.substr(1);
  const std::string* const bound =
      find(tags, family.type == MetricType::histogram ? "le" : "quantile");
  return bound ? *bound : "value";
}

void add_series(Draft& draft, const MetricFamily& family, const MetricFamily::Series& series,
                const Exec& options) {
  const Sum value = draft.figures.sum({{.series = Term::kOne, .scale = series.value}});
  DraftField field{.name = series.name, .formula = {.a = value}};
  field.help = family.help;
  std::string measurement = "prometheus";
  Tags tags = tags_of(series.labels);
  if (series.name.size() > family.name.size())
    field.suffix = series.name.substr(family.name.size());
  if (!family.measurement.empty()) {
    measurement = family.measurement;
    field.name = family.field;
    field.is_bool = family.is_boolean;
  } else if (options.metrics_are_measurements) {
    measurement = family.name;
    field.name = value_name(family, field.suffix, tags);
    field.is_bare = has_samples(family.type);
  }
  DraftPoint& point = draft.point(std::move(measurement), family.type, std::move(tags));
  point.fields.push_back(std::move(field));
  if (!series.strings.empty()) point.strings = tags_of(series.strings);
}

}  // namespace

bool is_wanted(const Exec& options, const store::PrintedMetrics::Said& said) {
  return std::ranges::find(options.printers, said.by) != options.printers.end();
}

Draft printed_draft(const Exec& options, const store::PrintedMetrics::Said& said) {
  Draft draft{.key = said.by};
  draft.is_printed = true;
  for (const MetricFamily& family : *said.families)
    for (const MetricFamily::Series& series : family.series)
      add_series(draft, family, series, options);
  return draft;
}

Drafts drafts(const Exec& options, Source& source) {
  Drafts all;
  if (!source.snapshot().printed) return all;
  for (const store::PrintedMetrics::Said& said : source.snapshot().printed->said)
    if (is_wanted(options, said)) all.push_back(printed_draft(options, said));
  return all;
}

}  // namespace hostmeter::contract::telegraf
