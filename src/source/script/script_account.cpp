#include "source/script/script_account.hpp"

#include <algorithm>
#include <utility>

namespace hostmeter::source::script {
namespace {

constexpr std::uint64_t kStaleIntervals = 2;

// Times and process IDs make no other remark of it.
std::string without_numbers(std::string_view text) {
  std::string kept;
  for (const char c : text) {
    const char shown = c >= '0' && c <= '9' ? '#' : c;
    if (shown != '#' || !kept.ends_with('#')) kept += shown;
  }
  return kept;
}

}  // namespace

void ScriptAccount::ended(Verdict verdict, const Ended& run, std::string_view remarks,
                          const Plan& plan, const Now& now, Output& out) {
  count(verdict.result);
  duration_ns_ = run.wall_ns;
  peak_memory_bytes_ = run.peak_memory_bytes;
  dropped_lines_ += verdict.dropped_lines;
  count_cost(run);
  if (verdict.result == RunResult::ok) last_success_ns_ = now.realtime_ns;
  if (verdict.is_taken) {
    out.send(NewsItem(Printed{"script:" + name_, std::move(verdict.families)}));
    series_ = verdict.series;
    printed_ns_ = now.monotonic_ns;
    stale_ns_ = printed_ns_ + std::max(kStaleIntervals * plan.interval_ns, plan.limits.wall_ns);
  }
  std::string what = std::move(verdict.trouble);
  if (const std::string said = fit_for_log(remarks); !said.empty())
    what += (what.empty() ? "it says: " : "; it says: ") + said;
  say(std::move(what), verdict.result != RunResult::ok || verdict.dropped_lines > 0);
}

void ScriptAccount::stopped(const Ended& run) {
  count_cost(run);
  changed_ = true;
}

void ScriptAccount::show_again(const Plan& plan, Output& out) const {
  out.send(NewsItem(Printed{"script:" + name_, stale_ns_ == kNever ? std::vector<MetricFamily>()
                                                                   : families_of(plan, printed_)}));
}

void ScriptAccount::refused(std::string why) {
  count(RunResult::spawn);
  if (!why.empty()) say("it cannot be run: " + std::move(why), true);
}

void ScriptAccount::skipped(std::uint64_t runs) {
  if (runs > 0) count(RunResult::skipped, runs);
}

void ScriptAccount::set_breaker(bool is_open) {
  if (std::exchange(is_breaker_open_, is_open) == is_open) return;
  changed_ = true;
  remark(is_open, is_open ? "it is run more seldom until it succeeds, for its last runs failed"
                          : "it is run at its interval again");
}

void ScriptAccount::set_refused(bool is_refused) {
  changed_ |= std::exchange(is_refused_, is_refused) != is_refused;
}

void ScriptAccount::hide_if_stale(std::uint64_t now_ns, Output& out) {
  if (now_ns < stale_ns_) return;
  hide(out);
  remark(true, "what it printed last is too old and not shown any more");
}

void ScriptAccount::hide(Output& out) {
  if (std::exchange(stale_ns_, kNever) == kNever) return;
  out.send(NewsItem(Printed{"script:" + name_, {}}));
  printed_ = {};
  series_ = 0;
  changed_ = true;
}

Facts<ScriptField> ScriptAccount::facts() const {
  Facts<ScriptField> facts;
  for (std::size_t i = 0; i < runs_.size(); ++i) facts.set(ScriptField(i), runs_[i]);
  facts.set(ScriptField::duration_ns, duration_ns_);
  facts.set(ScriptField::cpu_ns, cpu_ns_);
  facts.set(ScriptField::peak_memory_bytes, peak_memory_bytes_);
  facts.set(ScriptField::last_success_ns, last_success_ns_);
  if (stale_ns_ != kNever) facts.set(ScriptField::printed_ns, printed_ns_);
  facts.set(ScriptField::series, series_);
  facts.set(ScriptField::dropped_lines, dropped_lines_);
  facts.set(ScriptField::is_breaker_open, std::uint64_t{is_breaker_open_});
  facts.set(ScriptField::is_refused, std::uint64_t{is_refused_});
  facts.set(ScriptField::oom_kills, oom_kills_);
  facts.set(ScriptField::refused_forks, refused_forks_);
  return facts;
}

void ScriptAccount::count_cost(const Ended& run) {
  cpu_ns_ += run.cpu_user_ns + run.cpu_system_ns;
  oom_kills_ += run.oom_kills.value_or(0);
  refused_forks_ += run.refused_forks.value_or(0);
}

void ScriptAccount::count(RunResult result, std::uint64_t times) {
  runs_[std::size_t(result)] += times;
  changed_ = true;
}

void ScriptAccount::say(std::string what, bool is_trouble) {
  std::string key = without_numbers(what);
  if (key == said_) return;
  if (what.empty()) what = "it does well again";
  said_ = std::move(key);
  remark(is_trouble, std::move(what));
}

void ScriptAccount::remark(bool is_trouble, std::string what) {
  remarks_.push_back({is_trouble, "the script " + name_ + ": " + std::move(what)});
}

}  // namespace hostmeter::source::script
