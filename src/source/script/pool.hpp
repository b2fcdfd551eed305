// The supervisor's loop: at most so many runs at once, each with an end.
#pragma once
#include <sys/resource.h>

#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "base/capabilities.hpp"
#include "base/unique_fd.hpp"
#include "hostmeter/base/clock.hpp"
#include "source/script/cgroups.hpp"
#include "source/script/job.hpp"
#include "source/script/report.hpp"
#include "source/script/spawn.hpp"

namespace hostmeter::source::script {

class Pool {
 public:
  struct Options {
    unsigned most = 4;
    bool strict = false;  // nothing is run unless every part of the sandbox is in force
    base::CapabilitySet grantable{};
  };
  // Blocks SIGCHLD, for good.
  Pool(base::UniqueFd socket, const Options& options, Rules rules, const Cgroups& cgroups,
       const Clock& clock);

  // Until the other end of the socket is closed and all that ran is dead, or does not die.
  void serve();

 private:
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  enum class Phase : std::uint8_t { starting, running, ending, dying };
  struct Running {
    Run run;
    Spawned child;
    RunCgroup cgroup;
    Phase phase = Phase::starting;
    std::uint64_t started_ns = 0, due_ns = 0, dying_ns = 0;
    std::uint64_t tell_ns = kNever;  // that it has started; never: was told, or is not so
    bool timed_out = false, stopped = false;
    std::optional<Refused> refused;
    std::optional<int> status;
  };
  struct Outgoing {
    std::string bytes;
    base::UniqueFd out, err;
  };
  using Runs = std::list<Running>;

  void wait();
  void take_requests();
  void take(const Run& run);
  void take(const Stop& stop);
  std::optional<Refused> why_not(const Run& run) const;
  void start(const Run& run);
  void take_reports(Running& running);
  void pass_time();
  void kill(Running& running);
  void reap();
  void give_up(Runs::iterator running);
  void tell(Running& running, int status, const rusage& usage, bool is_dead);
  void clear(Running& running);
  void say(const Answer& answer, base::UniqueFd out = {}, base::UniqueFd err = {});
  void send();
  void pause_after(const Error& error);
  void sweep();
  void clear_orphans();

  base::UniqueFd socket_, children_;
  const Options options_;
  const Rules rules_;
  const Cgroups& cgroups_;
  const Clock& clock_;
  Runs runs_;
  Runs undead_;  // told of as ended, but not even SIGKILL ends them: no more than runs at once
  std::list<RunCgroup> leaving_;  // whose last process has not gone altogether
  std::deque<Outgoing> outgoing_;
  std::uint64_t number_ = 0;
  bool is_over_ = false;
  std::uint64_t over_ns_ = 0;
  std::uint64_t resume_ns_ = 0;  // the socket is left alone until then
  std::uint64_t sweep_ns_ = 0, sweep_wait_ns_ = 0;
};

}  // namespace hostmeter::source::script
