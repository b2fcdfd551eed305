// Interrupts of the host: measurements interrupts and soft_interrupts.
#include <map>
#include <tuple>

#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

// One kind of interrupt, as Telegraf's labels tell it.
using Kind = std::tuple<std::string, std::string, std::string>;  // irq, type, device
// Its lines by number of processor, "10" behind "9"; that of all together has none.
using ByProcessor = std::map<std::pair<std::size_t, std::string>, Term>;

std::map<Kind, ByProcessor> kinds(Source& source, std::string_view metric) {
  std::map<Kind, ByProcessor> all;
  const Source::Family family = source.family(metric);
  for (const store::Line& line : *family.lines) {
    const std::string processor = label_of(line, "cpu");
    all[{label_of(line, "type"), label_of(line, "info"), label_of(line, "devices")}]
       [{processor.size(), processor}] = family.term(line);
  }
  return all;
}

Tags tags_of(const Kind& kind) {
  const auto& [irq, type, device] = kind;
  Tags tags;
  for (const auto& [name, value] : {std::pair("irq", irq), {"type", type}, {"device", device}})
    if (!value.empty()) set(tags, name, value);
  return tags;
}

Draft draft_of(const Interrupts& options, const std::string& measurement, const Kind& kind,
               const ByProcessor& lines) {
  const auto& [irq, type, device] = kind;
  Draft draft{.key = measurement + '\n' + irq + '\n' + type + '\n' + device};
  if (options.cpu_as_tag) {
    for (const auto& [number, term] : lines) {
      Tags tags = tags_of(kind);
      if (!number.second.empty()) set(tags, "cpu", "cpu" + number.second);
      draft.copy(draft.point(measurement, MetricType::unknown, std::move(tags)), "count", term);
    }
    return draft;
  }
  DraftPoint& point = draft.point(measurement, MetricType::unknown, tags_of(kind));
  std::vector<Term> terms;
  for (const auto& [number, term] : lines) {
    terms.push_back(term);
    if (!number.second.empty()) draft.copy(point, "CPU" + number.second, term);
  }
  draft.add(point, "total", {.a = draft.figures.sum(terms)});
  return draft;
}

}  // namespace

Drafts drafts(const Interrupts& options, Source& source) {
  Drafts all;
  for (const auto& [measurement, metric] : {std::pair("interrupts", "node_interrupts_total"),
                                            {"soft_interrupts", "node_softirqs_functions_total"}})
    for (const auto& [kind, lines] : kinds(source, metric))
      all.push_back(draft_of(options, measurement, kind, lines));
  return all;
}

}  // namespace hostmeter::contract::telegraf
