#include "source/script/pool.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "source/script/message.hpp"
#include "source/script/orphans.hpp"
#include "source/script/packets.hpp"

namespace hostmeter::source::script {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;
// Most are over by then, and one answer says all of them.
constexpr std::uint64_t kTellLater = 50 * kMillisecond;
constexpr std::uint64_t kKillAgain = 1'000 * kMillisecond;
constexpr std::uint64_t kSweepAgain = 10 * kMillisecond;
constexpr std::uint64_t kSweepSeldom = 1'000 * kMillisecond;
constexpr std::uint64_t kPause = 10 * kMillisecond;
constexpr std::uint64_t kUnkillable = 10'000 * kMillisecond;  // from SIGKILL
constexpr std::uint64_t kLastWait = 5'000 * kMillisecond;     // for all to die, at the end
constexpr int kMostNumbers = 1'000;                           // that leftovers have

base::UniqueFd child_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  return base::UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

std::uint64_t to_ns(const timeval& time) {
  return std::uint64_t(time.tv_sec) * 1'000'000'000 + std::uint64_t(time.tv_usec) * 1000;
}

Ended ended_of(int status, const rusage& usage, const Used& used) {
  Ended ended;
  if (WIFSIGNALED(status))
    ended.signal = WTERMSIG(status);
  else
    ended.exit_status = WEXITSTATUS(status);
  // What the kernel tells a parent leaves out whom nobody waited for; a cgroup knows of all.
  const std::uint64_t user = to_ns(usage.ru_utime), all = user + to_ns(usage.ru_stime);
  const std::uint64_t total = used.cpu_ns.value_or(all);
  const double share = all == 0 ? 0 : double(user) / double(all);
  ended.cpu_user_ns = std::uint64_t(double(total) * share);
  ended.cpu_system_ns = total - ended.cpu_user_ns;
  ended.peak_memory_bytes = used.peak_memory_bytes;
  ended.oom_kills = used.oom_kills;
  ended.refused_forks = used.refused_forks;
  return ended;
}

// Of pipes into which nobody writes any more. Nothing: there is too much in them.
std::optional<Printout> read_little(const base::UniqueFd& out, const base::UniqueFd& err) {
  Printout printout;
  std::size_t room = Printout::kMost;
  for (std::size_t i = 0; i < printout.bytes.size(); ++i) {
    const int fd = i == 0 ? out.get() : err.get();
    int waiting = 0;
    if (::ioctl(fd, FIONREAD, &waiting) != 0 || std::size_t(waiting) > room) return {};
    printout.bytes[i].resize(std::size_t(waiting));
    room -= std::size_t(waiting);
  }
  for (std::size_t i = 0; i < printout.bytes.size(); ++i) {
    std::string& bytes = printout.bytes[i];
    const ssize_t got = ::read(i == 0 ? out.get() : err.get(), bytes.data(), bytes.size());
    bytes.resize(std::size_t(std::max<ssize_t>(got, 0)));
  }
  return printout;
}

}  // namespace

Pool::Pool(base::UniqueFd socket, const Options& options, Rules rules, const Cgroups& cgroups,
           const Clock& clock)
    : socket_(std::move(socket)),
      children_(child_signals()),
      options_(options),
      rules_(std::move(rules)),
      cgroups_(cgroups),
      clock_(clock) {}

void Pool::serve() {
  say(Standing{rules_.features});
  while (!is_over_ || (!runs_.empty() && clock_.monotonic_ns() < over_ns_ + kLastWait)) {
    wait();
    if (!is_over_) take_requests();
    for (Running& running : runs_) take_reports(running);
    reap();
    pass_time();
    send();
    sweep();
  }
  for (int tries = 0; tries < 100 && !leaving_.empty(); ++tries) {
    ::usleep(useconds_t(kSweepAgain / 1000));
    sweep();
  }
}

// For a request, a death, a report, or the next time that something is due.
void Pool::wait() {
  // While answers wait to be taken, no more is asked of us.
  const short of_socket = outgoing_.empty() ? POLLIN : POLLOUT;
  const bool is_paused = clock_.monotonic_ns() < resume_ns_;
  std::vector<pollfd> waits = {{is_over_ || is_paused ? -1 : socket_.get(), of_socket, 0},
                               {children_.get(), POLLIN, 0}};
  std::uint64_t due_ns = leaving_.empty() ? kNever : sweep_ns_;
  if (is_paused) due_ns = std::min(due_ns, resume_ns_);
  for (const Running& running : runs_) {
    if (running.phase == Phase::starting) waits.push_back({running.child.status.get(), POLLIN, 0});
    due_ns = std::min({due_ns, running.due_ns, running.tell_ns});
  }
  int timeout_ms = -1;
  const std::uint64_t now_ns = clock_.monotonic_ns();
  if (due_ns != kNever)
    timeout_ms = due_ns <= now_ns
                     ? 0
                     : int(std::min<std::uint64_t>((due_ns - now_ns) / kMillisecond + 1, 60'000));
  if (::poll(waits.data(), waits.size(), timeout_ms) < 0 && errno != EINTR)
    ::usleep(useconds_t(kSweepAgain / 1000));  // out of memory: never a loop without a rest
  signalfd_siginfo signal{};
  while (::read(children_.get(), &signal, sizeof signal) > 0) {
  }
}

void Pool::take_requests() {
  while (outgoing_.empty() && clock_.monotonic_ns() >= resume_ns_) {
    const auto packet = receive_packet(socket_.get());
    if (!packet) {
      if (is_passing(packet.error())) return pause_after(packet.error());
      is_over_ = true;
      over_ns_ = clock_.monotonic_ns();
      for (Running& running : runs_) kill(running);
      return;
    }
    const auto request = packet->is_cut ? Result<Request>(Error{EMSGSIZE, "request"})
                                        : decode_request(packet->bytes);
    if (request)
      std::visit([this](const auto& one) { take(one); }, *request);
    else
      say(Refused{0, Refusal::malformed, request.error().code, "no request"});
    send();
  }
}

std::optional<Refused> Pool::why_not(const Run& run) const {
  const auto is_same = [&](const Running& one) { return one.run.id == run.id; };
  if (std::any_of(runs_.begin(), runs_.end(), is_same))
    return Refused{run.id, Refusal::malformed, EEXIST, "such a run is not over yet"};
  const auto is_its = [&](const Running& one) {
    return one.run.path == run.path && one.run.argv == run.argv;
  };
  if (std::any_of(undead_.begin(), undead_.end(), is_its))
    return Refused{run.id, Refusal::sandbox, EBUSY,
                   "a run of it cannot be killed, and hangs still"};
  if (runs_.size() >= options_.most) return Refused{run.id, Refusal::busy, EAGAIN, "pool is full"};
  for (std::size_t i = 0; options_.strict && i < kFeatures; ++i)
    if (const FeatureState& state = rules_.features.states[i]; state.error != 0)
      return Refused{run.id, Refusal::strict, state.error,
                     std::string(to_string(Feature(i))) + ": " + state.what};
  if ((run.allow.capabilities & ~options_.grantable.bits()) != 0)
    return Refused{run.id, Refusal::sandbox, EPERM, "capabilities that are not to be granted"};
  return {};
}

void Pool::take(const Run& run) {
  if (const auto refused = why_not(run)) return say(*refused);
  start(run);
}

void Pool::take(const Stop& stop) {
  for (Running& running : runs_) {
    if (running.run.id != stop.id || running.phase == Phase::dying) continue;
    running.stopped = true;
    kill(running);
  }
}

void Pool::start(const Run& run) {
  const auto refuse = [&](const Error& error) {
    say(Refused{run.id, Refusal::sandbox, error.code, std::string(error.what)});
  };
  auto cgroup = cgroups_.make(++number_, run.limits);
  // What an earlier supervisor left and cannot be killed has its number still.
  for (int i = 0; !cgroup && cgroup.error().code == EEXIST && i < kMostNumbers; ++i)
    cgroup = cgroups_.make(++number_, run.limits);
  if (!cgroup) return refuse(cgroup.error());
  auto child = spawn(Job{run, rules_});
  if (!child) {
    (void)cgroup->remove();
    return refuse(child.error());
  }
  Running& running = runs_.emplace_back();
  running.run = run;
  running.child = std::move(*child);
  running.cgroup = std::move(*cgroup);
  running.started_ns = clock_.monotonic_ns();
  running.due_ns = running.started_ns + run.limits.wall_ns;
  if (const auto failure = running.cgroup.enter(running.child.pid)) {
    running.refused = Refused{run.id, Refusal::sandbox, failure->code, std::string(failure->what)};
    return kill(running);
  }
  let_go(running.child);
}

void Pool::take_reports(Running& running) {
  while (const auto report = receive_report(running.child.status.get())) {
    const auto refuse = [&](Refusal why) {
      std::string what(what_of(*report));
      if (why == Refusal::sandbox) what = std::string(to_string(report->feature)) + ": " + what;
      running.refused = Refused{running.run.id, why, report->value, std::move(what)};
    };
    switch (report->kind) {
      case Report::Kind::started:
        if (running.phase == Phase::starting) running.phase = Phase::running;
        running.tell_ns = clock_.monotonic_ns() + kTellLater;
        break;
      case Report::Kind::ended:
        running.status = report->value;
        break;
      case Report::Kind::script:
        refuse(Refusal::script);
        break;
      case Report::Kind::sandbox:
      case Report::Kind::lacking:
        refuse(Refusal::sandbox);
        break;
    }
  }
}

void Pool::pass_time() {
  const std::uint64_t now_ns = clock_.monotonic_ns();
  for (auto next = runs_.begin(); next != runs_.end();) {
    const auto running = next++;
    if (now_ns >= running->tell_ns) {
      running->tell_ns = kNever;
      say(Started{running->run.id}, std::move(running->child.out), std::move(running->child.err));
    }
    if (now_ns < running->due_ns) continue;
    if (running->phase == Phase::dying || running->phase == Phase::ending) {
      kill(*running);
      if (now_ns >= running->dying_ns + kUnkillable && undead_.size() < options_.most)
        give_up(running);
      continue;
    }
    running->timed_out = true;
    running->phase = Phase::ending;
    running->due_ns = now_ns + running->run.limits.grace_ns;
    ::kill(running->child.pid, SIGTERM);
  }
}

// A dead mount may hold it for ever: its place is another's from now on.
void Pool::give_up(Runs::iterator running) {
  running->timed_out = true;
  tell(*running, SIGKILL, {}, false);
  undead_.splice(undead_.end(), runs_, running);
}

// In a PID namespace its first process takes all others with it.
void Pool::kill(Running& running) {
  if (running.phase != Phase::dying) running.dying_ns = clock_.monotonic_ns();
  running.phase = Phase::dying;
  running.due_ns = clock_.monotonic_ns() + kKillAgain;
  ::kill(running.child.pid, SIGKILL);
  running.cgroup.kill();
}

void Pool::reap() {
  for (auto running = runs_.begin(); running != runs_.end();) {
    int status = 0;
    rusage usage{};
    if (::wait4(running->child.pid, &status, WNOHANG, &usage) != running->child.pid) {
      ++running;
      continue;
    }
    take_reports(*running);
    running->cgroup.kill();  // before one asks what it used
    tell(*running, status, usage, true);
    clear(*running);
    running = runs_.erase(running);
    clear_orphans();
  }
  undead_.remove_if([this](Running& one) {
    if (::wait4(one.child.pid, nullptr, WNOHANG, nullptr) != one.child.pid) return false;
    one.cgroup.kill();
    clear(one);
    return true;
  });
}

// status: of its first process, which has said what became of the script, if nothing befell it.
void Pool::tell(Running& running, int status, const rusage& usage, bool is_dead) {
  if (running.refused) return say(*running.refused);
  Ended ended = ended_of(running.status.value_or(status), usage, running.cgroup.used());
  const bool is_memory = ended.signal == SIGKILL && ended.oom_kills.value_or(0) > 0;
  if (!running.status && !running.stopped && !running.timed_out && !is_memory)
    return say(
        Refused{running.run.id, Refusal::sandbox, 0, "its first process failed or was killed"});
  ended.id = running.run.id;
  ended.timed_out = running.timed_out;
  ended.stopped = running.stopped;
  ended.wall_ns = clock_.monotonic_ns() - running.started_ns;
  if (std::exchange(running.tell_ns, kNever) == kNever) return say(ended);
  // Else somebody may print on: what is found in the pipes later counts, too.
  if (is_dead && rules_.features.has(Feature::pid_namespace))
    ended.printout = read_little(running.child.out, running.child.err);
  if (ended.printout) return say(ended);
  say(ended, std::move(running.child.out), std::move(running.child.err));
}

void Pool::clear(Running& running) {
  if (running.cgroup.remove()) return;
  leaving_.push_back(std::move(running.cgroup));
  sweep_wait_ns_ = kSweepAgain;
  sweep_ns_ = clock_.monotonic_ns() + sweep_wait_ns_;
}

void Pool::clear_orphans() {
  if (rules_.features.has(Feature::pid_namespace)) return;
  std::vector<pid_t> ours;
  for (const Runs* all : {&runs_, &undead_})
    for (const Running& running : *all) ours.push_back(running.child.pid);
  kill_orphans(ours);
}

void Pool::say(const Answer& answer, base::UniqueFd out, base::UniqueFd err) {
  // At most two of each run, that of a request, and the first one.
  if (is_over_ || outgoing_.size() >= 2 * std::size_t{options_.most} + 2) return;
  outgoing_.push_back({encode(answer), std::move(out), std::move(err)});
}

void Pool::send() {
  while (!outgoing_.empty() && !is_over_ && clock_.monotonic_ns() >= resume_ns_) {
    const Outgoing& next = outgoing_.front();
    const std::array<int, 2> fds{next.out.get(), next.err.get()};
    const auto failure = send_packet(socket_.get(), next.bytes,
                                     next.out ? std::span<const int>(fds) : std::span<const int>());
    if (failure && is_passing(*failure)) return pause_after(*failure);
    outgoing_.pop_front();  // any other failure: the reader is gone, and reading will say so
  }
}

void Pool::pause_after(const Error& error) {
  if (error.code != EAGAIN) resume_ns_ = clock_.monotonic_ns() + kPause;
}

void Pool::sweep() {
  const std::uint64_t now_ns = clock_.monotonic_ns();
  if (leaving_.empty() || now_ns < sweep_ns_) return;
  leaving_.remove_if([](const RunCgroup& cgroup) {
    if (cgroup.remove()) return true;
    cgroup.kill();
    return false;
  });
  sweep_wait_ns_ = std::min(2 * sweep_wait_ns_, kSweepSeldom);
  sweep_ns_ = now_ns + sweep_wait_ns_;
}

}  // namespace hostmeter::source::script
