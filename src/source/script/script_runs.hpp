// The runs that are under way, as the daemon's side of the supervisor sees them.
#pragma once
#include <poll.h>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hostmeter/base/clock.hpp"
#include "source/script/run_output.hpp"
#include "source/script/shared_supervisor.hpp"

namespace hostmeter::source::script {

// Asks, listens and reads what is printed; nothing here waits.
class ScriptRuns {
 public:
  // Of each run one, but for one whose output was lost: that is told first, and then what it cost.
  struct Over {
    std::uint64_t id;
    std::optional<Refused> refused;   // else it ran, and the next is there
    Ended ended;                      // all 0 if it was refused after all
    std::optional<RunOutput> output;  // not if it was not wanted any more
  };

  // most: runs at once. Supervisor and clock outlive this.
  ScriptRuns(SharedSupervisor& supervisor, const Clock& clock, unsigned most)
      : supervisor_(supervisor), clock_(clock), most_(most > 0 ? most : 1) {}
  ~ScriptRuns() { let_go(); }
  ScriptRuns(const ScriptRuns&) = delete;

  // True: the supervisor is ours, now or since before.
  bool take();
  // What is under way goes on, for the next one to take over.
  void let_go();
  // Of what was under way before we had it: all else dies.
  void keep_only(const std::set<std::uint64_t>& wanted);

  bool has_room() const { return !supervisor_.is_gone() && supervisor_.under_way.size() < most_; }
  // Returns the number by which it is told of. most_bytes: of its output.
  std::uint64_t start(Run run, std::size_t most_bytes);
  // It dies, and no more is told of it than what it has cost.
  void stop(std::uint64_t id);
  // None while the supervisor is another's.
  std::size_t under_way() const { return is_ours_ ? supervisor_.under_way.size() : 0; }
  // Whether a run, stopped or not, may still have processes.
  bool is_under_way(std::uint64_t id) const { return supervisor_.under_way.contains(id); }

  // What advance() waits for; nothing is appended when the supervisor is gone. Returns when it is
  // to be called at the latest.
  std::uint64_t append_to(std::vector<pollfd>& waits) const;
  // What of that does not wait, either, while one rests from all else: the pipes that may get full.
  std::uint64_t append_urgent_to(std::vector<pollfd>& waits) const;
  // Takes what has come, and returns the runs that are over.
  std::vector<Over> advance();
  // Takes only what was printed, so that no run waits for room in its pipe.
  void read_on();

  bool is_held() const { return supervisor_.is_held(); }
  // It ended, or said what cannot be understood: nothing is run any more.
  bool is_gone() const { return supervisor_.is_gone(); }
  // Null: it was not heard yet.
  const Standing* standing() const { return supervisor_.standing(); }

 private:
  void send(std::vector<Over>& over);
  void hear(std::vector<Over>& over);
  void take(Supervisor::Told told, std::vector<Over>& over);
  void read();
  std::uint64_t append_outputs_to(std::vector<pollfd>& waits, bool only_urgent) const;
  void pause_after(const Error& error);
  void ask_to_stop(std::uint64_t id, RunUnderWay& run);
  void lose();

  SharedSupervisor& supervisor_;
  const Clock& clock_;
  const std::size_t most_;
  bool is_ours_ = false, is_over_ = false;
  std::uint64_t resume_ns_ = 0;  // the supervisor is left alone until then
  std::string buffer_;
};

}  // namespace hostmeter::source::script
