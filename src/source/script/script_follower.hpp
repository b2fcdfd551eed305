// Runs scripts when they are due, and tells what they print and how they do.
#pragma once
#include <poll.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/dir.hpp"
#include "hostmeter/base/clock.hpp"
#include "hostmeter/flow/facts/script.hpp"
#include "hostmeter/flow/instances.hpp"
#include "source/follower.hpp"
#include "source/interrupt.hpp"
#include "source/script/known_script.hpp"
#include "source/script/script_files.hpp"
#include "source/script/script_runs.hpp"
#include "source/script/scripts_told.hpp"

namespace hostmeter::source::script {

// A script never runs twice at once. One that is due while it still runs, or still waits for a
// place, is skipped. Between two times at which something is due this sleeps, unless a directory of
// scripts changes. Until the one before has let go of the supervisor what that one knows is shown,
// and then taken over, with the runs that are under way.
class ScriptFollower final : public Follower {
 public:
  static constexpr unsigned kRemarksAtOnce = 200;
  static constexpr std::uint64_t kRemarkEveryNs = 10'000'000'000;

  struct Options {
    unsigned most = 4;                         // runs at once, as the supervisor has it
    std::uint64_t spread_ns = 10'000'000'000;  // over which the first runs are spread
    std::uint64_t settle_ns = 250'000'000;     // from a change of a file to its run
    // What happens within it wakes once; no longer than longest_rest().
    std::uint64_t together_ns = 1'000'000'000;
    std::uint64_t longest_wait_ns = 60'000'000'000;
  };

  // root: of the file system in which scripts run. It, supervisor and clock outlive this.
  ScriptFollower(std::vector<Plan> plans, const base::Dir& root, SharedSupervisor& supervisor,
                 const Clock& clock, InstanceIds numbers, Options options);

  void follow(Output& out, bool resend) override;
  std::vector<Remark> take_remarks() override {
    return pace_.pass(std::exchange(remarks_, {}), clock_.monotonic_ns());
  }
  void end() override { runs_.let_go(); }
  void interrupt() override { interrupt_.raise(); }

 private:
  struct Script {
    const std::string name;
    const std::size_t plan;
    const Instance instance;
    KnownScript* known = nullptr;               // once we have the supervisor
    std::optional<std::uint64_t> printed_ns{};  // of what was told before that
    bool is_touched = false;
  };
  using State = KnownScript::State;
  using Scripts = std::map<std::string, std::unique_ptr<Script>, std::less<>>;

  void look(Output& out);
  void begin(Output& out);
  void own(Output& out);
  // Of the one before, or new. Whether a run of it goes on.
  bool adopt(Script& script, Output& out);
  void wait();
  // False: it was interrupted, or a pipe may be full before that.
  bool rest(std::uint64_t until_ns);
  bool nap(std::uint64_t until_ns);
  std::uint64_t due_ns(std::uint64_t now_ns) const;
  // Something of it is another: it is told of, and its next time counts.
  void touch(Script& script);
  std::uint64_t due_ns(const KnownScript& script) const;

  void look_at_files(Output& out);
  void take(const ScriptFiles::Change& change, Output& out);
  void add(const std::string& name, Output& out);
  void edited(Script& script);
  void drop(Scripts::iterator at, Output& out);

  void pass_time(Output& out);
  void pass_time(Script& script, std::uint64_t now_ns, Output& out);
  void run(Output& out);
  void give_places(Output& out);
  void start(Script& script, Output& out);
  void take_over(ScriptRuns::Over over, Output& out);
  void count_success(Script& script, bool is_success);
  void look_at_supervisor();

  void tell(Output& out);
  void tell(Script& script, Output& out);
  void add(std::vector<Remark> remarks);

  const std::vector<Plan> plans_;
  const Clock& clock_;
  const Options options_;
  const std::uint64_t together_ns_;
  InstanceIds numbers_;
  ScriptsTold of_all_;
  ScriptFiles files_;
  ScriptRuns runs_;
  KnownScripts& known_;
  Scripts scripts_;
  std::deque<Script*> waiting_;                            // for a place, in order
  std::map<std::uint64_t, Script*> started_;               // by each run that is under way
  std::vector<Script*> touched_;                           // since all was told
  std::uint64_t scripts_from_ns_ = ScriptAccount::kNever;  // nothing is due of any script before
  std::uint64_t full_until_ns_ = 0, files_from_ns_ = 0, look_again_ns_ = 0, looked_ns_ = 0;
  bool may_files_differ_ = true;
  bool began_ = false, is_owner_ = false, has_standing_ = false, was_gone_ = false;
  bool told_ = false, resend_ = false;
  std::vector<pollfd> waits_;
  std::vector<Remark> remarks_;
  RemarkPace pace_{kRemarksAtOnce, kRemarkEveryNs};  // of all scripts together
  Interrupt interrupt_;
};

}  // namespace hostmeter::source::script
