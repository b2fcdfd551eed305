#include "tool/diff/diff.hpp"

#include <algorithm>
#include <thread>

#include "parse/families.hpp"

namespace hostmeter::tool {
namespace {

constexpr std::size_t kMostSeries = 500'000;

bool is_html(const Fetched& fetched) {
  const std::size_t first = fetched.text.find_first_not_of(" \t\r\n");
  return fetched.content_type.starts_with("text/html") ||
         (first != std::string::npos && fetched.text[first] == '<');
}

// One scrape; empty: all went well.
std::string scrape(const Endpoint& endpoint, const FetchOptions& options, const Clock& clock,
                   Side& side, DiffReport::Who& who) {
  auto fetched = fetch(endpoint, options);
  if (const auto* why = std::get_if<FetchError>(&fetched)) return who.url + ": " + *why;
  const double at = double(clock.monotonic_ns()) / 1e9;
  auto understood = understand(std::get<Fetched>(fetched));
  if (const auto* why = std::get_if<std::string>(&understood)) return who.url + ": " + *why;
  auto& [families, notes] = std::get<Understood>(understood);
  side.observe(families, at);
  who.notes = std::move(notes);  // of the last scrape
  return {};
}

void sum_up(const Side& side, DiffReport::Who& who) {
  who.series = side.series().size();
  who.families = side.types().size();
  if (side.ambiguous() != 0)
    who.notes.push_back(std::to_string(side.ambiguous()) +
                        " series are not compared: they are several without the labels that are "
                        "ignored");
}

}  // namespace

std::variant<Understood, std::string> understand(const Fetched& fetched) {
  if (is_html(fetched)) return "this is a page of HTML, no metrics: is the path right?";
  const bool open = fetched.content_type.starts_with("application/openmetrics-text");
  const parse::Dialect dialect = open ? parse::Dialect::openmetrics : parse::Dialect::prometheus;
  parse::FamilyBuilder builder(dialect, kMostSeries);
  parse::ExpositionParser(dialect).parse(fetched.text, builder);
  std::string bad;
  if (builder.bad_lines() != 0) {
    const parse::Complaint& first = builder.complaints().front();
    bad = std::to_string(builder.bad_lines()) + " bad lines, the first is line " +
          std::to_string(first.line) + ": " + std::string(first.why);
  }
  if (builder.series() == 0)
    return bad.empty() ? "there are no metrics in its answer"
                       : "this is no Prometheus text: " + bad;
  Understood understood{parse::in_text_format(builder.take()), {}};
  if (!bad.empty()) understood.notes.push_back(std::move(bad));
  return understood;
}

std::variant<DiffReport, std::string> diff(const DiffOptions& options, const Clock& clock) {
  Selection of_b = options.selection;
  of_b.renamed.clear();
  Side a(options.selection), b(of_b);
  DiffReport report{.a = {.url = options.a.shown()}, .b = {.url = options.b.shown()}};
  for (; report.scrapes < options.times; ++report.scrapes) {
    if (report.scrapes != 0) std::this_thread::sleep_for(options.interval);
    if (auto why = scrape(options.a, options.fetch, clock, a, report.a); !why.empty()) return why;
    if (auto why = scrape(options.b, options.fetch, clock, b, report.b); !why.empty()) return why;
  }
  sum_up(a, report.a);
  sum_up(b, report.b);
  report.comparison = compare(a, b, options.tolerance);
  return report;
}

}  // namespace hostmeter::tool
