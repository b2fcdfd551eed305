// What inputs and the output do: internal. Of several inputs of one name all together, as Telegraf.
#include <algorithm>

#include "base/word_list.hpp"
#include "contract/telegraf/plugins.hpp"

namespace hostmeter::contract::telegraf {
namespace {

using base::has;

// Of each line of a metric whose label has one of these values.
void add_terms(Source& source, std::string_view metric, std::string_view label,
               const std::vector<std::string>& values, std::vector<Term>& terms) {
  const Source::Family family = source.family(metric);
  for (const store::Line& line : *family.lines)
    if (has(values, label_of(line, label))) terms.push_back(family.term(line));
}

// Runs that ended so.
void add_runs(Source& source, const std::vector<std::string>& scripts,
              const std::vector<std::string>& results, std::vector<Term>& terms) {
  const Source::Family family = source.family("hostmeter_script_runs_total");
  for (const store::Line& line : *family.lines)
    if (has(scripts, label_of(line, "script")) && has(results, label_of(line, "result")))
      terms.push_back(family.term(line));
}

std::vector<Term> counted(const std::vector<std::size_t>& inputs, InputCount what) {
  std::vector<Term> terms;
  terms.reserve(inputs.size());
  for (const std::size_t input : inputs) terms.push_back(Term::own(input, what));
  return terms;
}

std::string version_of(Source& source) {
  const Source::Family build = source.family("hostmeter_build_info");
  return build.lines->empty() ? std::string() : label_of(build.lines->front(), "version");
}

Tags tags_of(std::string_view kind, const std::string& name, const std::string& alias,
             const std::string& version) {
  Tags tags;
  set(tags, kind, name);
  if (!alias.empty()) set(tags, "alias", alias);
  set(tags, "version", version);
  return tags;
}

}  // namespace

Drafts drafts(const Internal& options, Source& source) {
  Draft draft{.key = {}};
  Figures& figures = draft.figures;
  const std::string version = version_of(source);
  std::vector<Term> all, all_errors;
  for (const Internal::Of& of : options.of) {
    const std::vector<Term> metrics = counted(of.inputs, InputCount::metrics);
    std::vector<Term> time, errors, timeouts;
    add_terms(source, "hostmeter_reader_seconds_total", "reader", of.readers, time);
    for (const char* const metric : {"hostmeter_read_errors_total", "hostmeter_parse_errors_total"})
      add_terms(source, metric, "reader", of.readers, errors);
    add_runs(source, of.scripts, {"exit", "signal", "timeout", "parse", "spawn"}, errors);
    add_runs(source, of.scripts, {"timeout"}, timeouts);
    DraftPoint& point = draft.point("internal_gather", MetricType::unknown,
                                    tags_of("input", of.input, of.alias, version));
    draft.add(point, "metrics_gathered", {.a = figures.sum(metrics)});
    draft.add(point, "errors", {.a = figures.sum(errors)});
    draft.add(point, "gather_timeouts", {.a = figures.sum(timeouts)});
    const Sum gathers = figures.sum(counted(of.inputs, InputCount::gathers));
    draft.add(point, "gather_time_ns", {.how = How::rate, .a = figures.sum(time), .b = gathers});
    all.insert(all.end(), metrics.begin(), metrics.end());
    all_errors.insert(all_errors.end(), errors.begin(), errors.end());
  }
  const Sum metrics = figures.sum(all);
  DraftPoint& agent = draft.point("internal_agent", MetricType::unknown, {{"version", version}});
  draft.add(agent, "metrics_gathered", {.a = metrics});
  draft.add(agent, "metrics_written", {.a = metrics});
  draft.add(agent, "gather_errors", {.a = figures.sum(all_errors)});
  DraftPoint& output =
      draft.point("internal_write", MetricType::unknown,
                  tags_of("output", "prometheus_client", options.output_alias, version));
  draft.add(output, "metrics_added", {.a = metrics});
  draft.add(output, "metrics_written", {.a = metrics});
  return only(std::move(draft));
}

}  // namespace hostmeter::contract::telegraf
