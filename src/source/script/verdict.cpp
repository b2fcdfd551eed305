#include "source/script/verdict.hpp"

#include <algorithm>
#include <csignal>
#include <string_view>
#include <utility>

#include "hostmeter/base/text.hpp"
#include "parse/output.hpp"

namespace hostmeter::source::script {
namespace {

struct Read {
  std::vector<MetricFamily> families;
  std::size_t series = 0, bad_lines = 0;
  bool is_too_much = false;  // more series, or a longer line, than may be
  std::string trouble{};
};

bool has_long_line(std::string_view text, std::size_t most) {
  for (Text lines(text); !lines.empty();)
    if (lines.until('\n').size() > most) return true;
  return false;
}

std::string at_line(const parse::Complaint& complaint, std::size_t others) {
  std::string text = "line " + std::to_string(complaint.line) + " of its output: ";
  text += complaint.why;
  if (others > 0) text += ", and " + std::to_string(others) + " more bad lines";
  return text;
}

Read read(const Plan& plan, std::string_view text, const parse::OutputEnd& end) {
  parse::OutputOptions options = plan.output;
  options.limits = {
      .line = plan.most_line_bytes, .series = plan.most_series, .bytes = plan.most_bytes};
  parse::ParsedOutput parsed = parse::parse_output(text, options, end);
  Read read{.families = std::move(parsed.families),
            .series = parsed.series,
            .bad_lines = parsed.bad_lines};
  read.is_too_much =
      parsed.beyond_limit > 0 || (parsed.bad_lines > 0 && options.format != parse::Format::json &&
                                  has_long_line(text, plan.most_line_bytes));
  if (!parsed.complaints.empty())
    read.trouble = at_line(parsed.complaints.front(), parsed.bad_lines - 1);
  // The first of those beyond the limit is among the bad lines already.
  if (parsed.beyond_limit > 1) read.bad_lines += parsed.beyond_limit - 1;
  return read;
}

// What plugins of Nagios end with is a state, which is a figure of theirs: up to 3, "unknown".
bool is_state(const Plan& plan, int exit_status) {
  return plan.output.format == parse::Format::nagios && exit_status >= 0 && exit_status <= 3;
}

// Nothing of it is taken.
Verdict failure(RunResult result, std::string trouble) {
  return {.result = result, .is_failure = true, .trouble = std::move(trouble)};
}

}  // namespace

std::string killed_by(int signal) {
  constexpr std::pair<int, std::string_view> kNames[] = {
      {SIGABRT, "SIGABRT"}, {SIGALRM, "SIGALRM"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
      {SIGHUP, "SIGHUP"},   {SIGILL, "SIGILL"},   {SIGINT, "SIGINT"},   {SIGKILL, "SIGKILL"},
      {SIGPIPE, "SIGPIPE"}, {SIGSEGV, "SIGSEGV"}, {SIGSYS, "SIGSYS"},   {SIGTERM, "SIGTERM"},
      {SIGTRAP, "SIGTRAP"}, {SIGXCPU, "SIGXCPU"}, {SIGXFSZ, "SIGXFSZ"},
  };
  for (const auto& [number, name] : kNames)
    if (number == signal) return "killed by " + std::string(name);
  return "killed by signal " + std::to_string(signal);
}

std::vector<MetricFamily> families_of(const Plan& plan, const PrintedText& printed) {
  return read(plan, printed.text, {.exit_status = printed.exit_status, .was_cut = printed.was_cut})
      .families;
}

Verdict verdict(const Plan& plan, const Ended& ended, const RunOutput& output) {
  const bool is_cut = output.is_cut();
  if (!is_cut && ended.timed_out)
    return failure(RunResult::timeout,
                   "it was not over in time: raise timeout, or see what it "
                   "waits for");
  if (!is_cut && ended.signal != 0) {
    const bool is_memory = ended.signal == SIGKILL && ended.oom_kills.value_or(0) > 0;
    return failure(RunResult::signal, is_memory ? "it was killed at its limit of memory"
                                                : "it was " + killed_by(ended.signal));
  }
  const bool is_exit = !is_cut && ended.exit_status != 0 && !is_state(plan, ended.exit_status);
  std::string status = "it ended with status " + std::to_string(ended.exit_status);
  if (is_exit && !plan.ignore_error) return failure(RunResult::exit, std::move(status));

  Read found = read(plan, output.text(), {.exit_status = ended.exit_status, .was_cut = is_cut});
  Verdict verdict{.is_taken = true,
                  .families = std::move(found.families),
                  .series = found.series,
                  .dropped_lines = found.bad_lines,
                  .trouble = std::move(found.trouble)};
  if (is_cut) {
    verdict.result = RunResult::output;
    verdict.trouble = "it printed more than " + std::to_string(plan.most_bytes) +
                      " bytes: it was stopped, and the rest is lost";
    verdict.is_failure = true;  // it would have printed on
    verdict.is_taken = verdict.series > 0;
  } else if (is_exit) {
    // With nothing printed, as by a command that is not there, nothing takes the place of what was.
    verdict.result = RunResult::exit;
    verdict.is_taken = verdict.series > 0;
    verdict.is_failure = verdict.series == 0;
    if (verdict.trouble.empty()) verdict.trouble = std::move(status);
  } else if (found.is_too_much && found.series > 0) {
    verdict.result = RunResult::output;
  } else if (found.series == 0 && found.bad_lines > 0) {
    verdict.result = RunResult::parse;
    verdict.is_taken = false;
    verdict.is_failure = true;
  }
  return verdict;
}

}  // namespace hostmeter::source::script
