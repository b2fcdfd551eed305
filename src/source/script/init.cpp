#include "source/script/init.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <vector>

#include "source/script/environment.hpp"
#include "source/script/host_paths.hpp"
#include "source/script/report.hpp"
#include "source/script/sandbox.hpp"
#include "source/script/script_file.hpp"

namespace hostmeter::source::script {
namespace {

[[noreturn]] void end(const Report& report) {
  send_report(kStatusFd, report);
  ::_exit(0);
}

bool wait_for_go() {
  char byte = 0;
  ssize_t size = 0;
  while ((size = ::read(kLifelineFd, &byte, 1)) < 0 && errno == EINTR) {
  }
  return size == 1;
}

// Nothing of ours is handled or blocked in a script.
void reset_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void be_script(const Job& job, int failures) {
  const auto fail = [&](Report::Kind kind, const Error& error, Feature feature = {}) {
    send_report(failures, to_report(kind, error, feature));
    ::_exit(0);
  };
  std::vector<std::string> arguments = job.run.argv;
  std::vector<std::string> environment = environment_of(job.run);
  auto argv = pointers(arguments), envp = pointers(environment);
  ::setsid();
  ::umask(077);
  reset_signals();
  if (const auto failure = prepare_script(job))
    fail(Report::Kind::sandbox, failure->error, failure->feature);
  ::execve(job.run.path.c_str(), argv.data(), envp.data());
  fail(Report::Kind::script, Error{errno, "execute"});
  ::_exit(0);
}

// Returns once the script is executed, or ends.
pid_t start_script(const Job& job) {
  std::array<int, 2> failures{};
  if (::pipe2(failures.data(), O_CLOEXEC) != 0)
    end(to_report(Report::Kind::sandbox, Error{errno, "pipe"}));
  const pid_t script = ::fork();
  if (script < 0) end(to_report(Report::Kind::sandbox, Error{errno, "fork"}));
  if (script == 0) {
    ::close(failures[0]);
    be_script(job, failures[1]);
  }
  ::close(failures[1]);
  if (const auto failure = receive_report(failures[0])) end(*failure);
  ::close(failures[0]);
  // Its output ends when the last process of the script has closed it.
  for (int fd = 0; fd < 3; ++fd) ::close(fd);
  if (const auto failed = prepare_init(job))
    end(to_report(Report::Kind::sandbox, failed->error, failed->feature));
  send_report(kStatusFd, to_report(Report::Kind::started, {}));
  return script;
}

// All of the run, but in a PID namespace not this process itself.
void pass_on(const Job& job, pid_t script, int signal) {
  if (job.rules.features.has(Feature::pid_namespace))
    ::kill(-1, signal);
  else
    ::kill(-script, signal);
}

[[noreturn]] void watch(const Job& job, pid_t script, int signals) {
  std::array<pollfd, 2> waits{{{signals, POLLIN, 0}, {kLifelineFd, POLLIN, 0}}};
  while (true) {
    if (::poll(waits.data(), waits.size(), -1) < 0) continue;
    if (waits[1].revents != 0) ::_exit(1);  // nobody writes to it a second time
    signalfd_siginfo signal{};
    if (::read(signals, &signal, sizeof signal) != ssize_t(sizeof signal)) continue;
    if (signal.ssi_signo == SIGTERM) pass_on(job, script, SIGTERM);
    int status = 0;
    for (pid_t gone = 0; (gone = ::waitpid(-1, &status, WNOHANG)) > 0;)
      if (gone == script) end(to_report(Report::Kind::ended, Error{status, ""}));
  }
}

}  // namespace

void close_from(int first) {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, unsigned(first), ~0U, 0U) == 0) return;
#endif
  // Before Linux 5.9.
  DIR* const dir = ::opendir(paths::kSelfFds);
  if (!dir) {
    for (int fd = first; fd < 65536; ++fd) ::close(fd);
    return;
  }
  std::vector<int> open;
  while (const dirent* entry = ::readdir(dir))
    if (const int fd = std::atoi(entry->d_name); fd >= first && fd != ::dirfd(dir))
      open.push_back(fd);
  ::closedir(dir);
  for (const int fd : open) ::close(fd);
}

void be_init(const Job& job) {
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(SIGCHLD, &standard, nullptr);
  if (!wait_for_go()) ::_exit(1);
  ::setsid();
  ::umask(022);
  // A directory that one is in is seen whatever is mounted over it.
  if (::chdir(paths::kRoot) != 0) ::_exit(1);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);  // without a PID namespace orphans stay below us
  if (job.is_probe) {
    probe_steps(job, [](Feature feature, const Error& error) {
      send_report(kStatusFd, to_report(Report::Kind::lacking, error, feature));
    });
    ::_exit(0);
  }
  const auto script_file = open_script(job.run.path);
  if (!script_file) end(to_report(Report::Kind::script, script_file.error()));
  if (const auto failure = prepare_run({job.run, job.rules, false, &*script_file}))
    end(to_report(Report::Kind::sandbox, failure->error, failure->feature));
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  sigaddset(&watched, SIGTERM);
  const int signals = ::signalfd(-1, &watched, SFD_CLOEXEC);
  if (signals < 0) end(to_report(Report::Kind::sandbox, Error{errno, "signalfd"}));
  const pid_t script = start_script(job);
  watch(job, script, signals);
}

}  // namespace hostmeter::source::script
