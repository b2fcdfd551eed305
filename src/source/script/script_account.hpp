// What is known of one script: its figures, what it shows, what there is to say of it.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hostmeter/flow/facts/script.hpp"
#include "hostmeter/flow/output.hpp"
#include "source/follower.hpp"
#include "source/script/remark_pace.hpp"
#include "source/script/verdict.hpp"

namespace hostmeter::source::script {

class ScriptAccount {
 public:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  static constexpr unsigned kRemarksAtOnce = 6;
  static constexpr std::uint64_t kRemarkEveryNs = 600'000'000'000;

  struct Now {
    std::uint64_t monotonic_ns, realtime_ns;
  };

  explicit ScriptAccount(std::string name) : name_(std::move(name)) {}

  // A run has ended: what it printed is shown, if it is of use.
  void ended(Verdict verdict, const Ended& run, std::string_view remarks, const Plan& plan,
             const Now& now, Output& out);
  // After ended(), if what was printed is shown: so that another can be told of it again.
  void keep(PrintedText printed) { printed_ = std::move(printed); }
  // Tells what is shown now. plan: by which it was run.
  void show_again(const Plan& plan, Output& out) const;
  // When it was printed; nothing is shown: nothing.
  std::optional<std::uint64_t> printed_ns() const {
    return stale_ns_ == kNever ? std::nullopt : std::optional(printed_ns_);
  }
  // It was stopped, for its file is another: what it has cost counts, and nothing else of it.
  void stopped(const Ended& run);
  // One was refused by the sandbox or the supervisor; empty: why is said elsewhere.
  void refused(std::string why);
  void skipped(std::uint64_t runs);
  void set_breaker(bool is_open);
  // Its file must not be run; whoever looked at the file says so.
  void set_refused(bool is_refused);

  // When what is shown will be too old: the larger of 2 intervals and the time a run may take since
  // it was printed.
  std::uint64_t stale_ns() const { return stale_ns_; }
  void hide_if_stale(std::uint64_t now_ns, Output& out);
  // Whatever its age.
  void hide(Output& out);

  // Whether the facts are others than when told() was called.
  bool has_changed() const { return changed_; }
  Facts<ScriptField> facts() const;
  void told() { changed_ = false; }

  // A change of what there is to say, as of the file; each change is said once, but for those of
  // them that come too fast.
  void remark(bool is_trouble, std::string what);
  // Once for each change; numbers in it are none. now_ns: monotonic.
  std::vector<Remark> take_remarks(std::uint64_t now_ns) {
    return pace_.pass(std::exchange(remarks_, {}), now_ns);
  }

 private:
  void count_cost(const Ended& run);
  void count(RunResult result, std::uint64_t times = 1);
  void say(std::string what, bool is_trouble);

  const std::string name_;
  std::array<std::uint64_t, std::size_t(RunResult::count)> runs_{};
  std::optional<std::uint64_t> duration_ns_, peak_memory_bytes_, last_success_ns_;
  std::uint64_t cpu_ns_ = 0, dropped_lines_ = 0, oom_kills_ = 0, refused_forks_ = 0;
  std::uint64_t series_ = 0, printed_ns_ = 0, stale_ns_ = kNever;  // kNever: nothing is shown
  bool is_breaker_open_ = false, is_refused_ = false;
  bool changed_ = true;
  PrintedText printed_;
  std::string said_;  // without its numbers
  std::vector<Remark> remarks_;
  RemarkPace pace_{kRemarksAtOnce, kRemarkEveryNs};
};

}  // namespace hostmeter::source::script
