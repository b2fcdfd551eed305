#include "tool/script/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "config/duration.hpp"
#include "expose/printed_text.hpp"
#include "hostmeter/base/text.hpp"
#include "store/printed.hpp"
#include "tool/script/sandbox.hpp"

namespace hostmeter::tool {
namespace {

using source::script::Ended;
using source::script::FeatureStates;
using source::script::RunResult;

constexpr std::size_t kPiece = 1U << 20;

std::string seconds(std::uint64_t ns) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f s", double(ns) / 1e9);
  return text.data();
}

std::string mebibytes(std::uint64_t bytes) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f MiB", double(bytes) / double(1U << 20));
  return text.data();
}

std::string plural(std::size_t count, const char* what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

std::string refused_line(const source::script::Refused& refused) {
  return "not run: " + refused.what +
         (refused.error == 0 ? "" : std::string(": ") + std::strerror(refused.error)) + '\n';
}

std::string ended_lines(const Ended& ended) {
  std::string text = "took " + seconds(ended.wall_ns) + ", CPU " +
                     seconds(ended.cpu_user_ns + ended.cpu_system_ns);
  if (ended.peak_memory_bytes) text += ", peak memory " + mebibytes(*ended.peak_memory_bytes);
  return text + '\n';
}

std::string verdict_lines(const source::script::Verdict& verdict) {
  std::string text = "result: " + std::string(name_of(verdict.result));
  text += verdict.is_taken ? ", " + std::to_string(verdict.series) + " series in " +
                                 plural(verdict.families.size(), "metric")
                           : ", nothing of its output is taken";
  if (verdict.dropped_lines > 0) text += ", " + plural(verdict.dropped_lines, "line") + " left out";
  text += '\n';
  if (!verdict.trouble.empty()) text += "        " + verdict.trouble + '\n';
  return text;
}

// What a script says to a person goes to a terminal: no control characters but line ends.
std::string said(std::string_view remarks) {
  std::string text;
  for (Text lines(remarks); !lines.empty();) {
    const std::string line = source::script::fit_for_log(lines.until('\n'));
    if (!line.empty()) text += "  " + line + '\n';
  }
  return text.empty() ? text : "it said:\n" + text;
}

std::string sandbox_lines(const FeatureStates& features) {
  const auto answers = sandbox_answers(features);
  const auto lacking = std::count_if(answers.begin(), answers.end(),
                                     [](const Diagnosis::Answer& answer) { return !answer.yes; });
  const std::string all = std::to_string(answers.size());
  if (lacking == 0) return "sandbox: all " + all + " parts are in force\n";
  std::string text =
      "sandbox: " + std::to_string(lacking) + " of " + all + " parts are not in force\n";
  for (const Diagnosis::Answer& answer : answers)
    if (!answer.yes)
      text += "  " + answer.name + ": " + answer.why + "\n    -> " + answer.mend + '\n';
  return text;
}

}  // namespace

std::string_view name_of(RunResult result) {
  constexpr std::string_view kNames[] = {"ok",     "exit",  "signal", "timeout",
                                         "output", "parse", "spawn",  "skipped"};
  static_assert(std::size(kNames) == std::size_t(RunResult::count));
  return kNames[std::size_t(result)];
}

std::string report(const RunReport& report) {
  std::string text = "script " + report.name + ": " + report.path + ", as " + report.user + '\n';
  const Trial& trial = report.trial;
  if (trial.refused) text += refused_line(*trial.refused);
  if (report.verdict) text += verdict_lines(*report.verdict);
  if (trial.ended) text += ended_lines(*trial.ended);
  if (trial.output) text += said(trial.output->remarks());
  text += sandbox_lines(report.features);
  if (report.denials.empty()) return text;
  text += "denied, as far as can be told:\n";
  for (const Denial& denial : report.denials)
    text += "  " + denial.what + "\n    -> " + denial.mend + '\n';
  return text;
}

std::string families_text(std::vector<MetricFamily> families) {
  store::Printers printers({.max_series = ~std::size_t{0},
                            .labels = {},
                            .is_taken = [](std::string_view) { return false; }});
  printers.set("script", std::move(families));
  const auto metrics = printers.metrics();
  expose::PrintedText printed(metrics.get());
  std::string text;
  std::vector<char> piece(kPiece);
  while (const auto size = std::size_t(
             printed.fill(piece.data(), piece.data() + piece.size(), piece.size()) - piece.data()))
    text.append(piece.data(), size);
  return text;
}

std::string list_text(const std::vector<ListedScript>& scripts,
                      const std::vector<std::string>& remarks) {
  std::size_t width = 4;
  for (const ListedScript& script : scripts) width = std::max(width, script.name.size());
  std::string text;
  for (const ListedScript& script : scripts) {
    std::string name = script.name;
    name.resize(width, ' ');
    text +=
        name + "  every " + config::write_duration(script.interval_ns) + "  " + script.path + '\n';
    if (!script.refusal.empty())
      text += std::string(width, ' ') + "  NOT RUN: " + script.refusal + '\n';
  }
  if (scripts.empty()) text += "there is no script\n";
  for (const std::string& remark : remarks) text += remark + '\n';
  return text;
}

}  // namespace hostmeter::tool
