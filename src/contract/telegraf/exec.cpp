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

void add_series(Draft& draft, const MetricFamily& family, const MetricFamily::Series& series,
                const std::string& measurement) {
  DraftPoint& point = draft.point(measurement, family.type, tags_of(series.labels));
  const Sum value = draft.figures.sum({{.series = Term::kOne, .scale = series.value}});
  DraftField field{.name = family.name, .formula = {.a = value}};
  if (series.name != family.name) field.sample = series.name;
  field.help = family.help;
  point.fields.push_back(std::move(field));
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
      add_series(draft, family, series, options.measurement);
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
