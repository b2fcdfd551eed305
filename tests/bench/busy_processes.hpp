// Processes that sit in cgroups and do a little work when told.
#pragma once
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "support/forked.hpp"

namespace hostmeter::bench {

// Each burst makes every process touch some memory, give it back and use a little CPU time: its
// cgroup's figures change, and the kernel has something to sum up at the next read.
class BusyProcesses {
 public:
  BusyProcesses() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGUSR1);
    ::sigprocmask(SIG_BLOCK, &signal_, nullptr);
    if (::pipe(done_) != 0) ::_exit(1);
  }
  ~BusyProcesses() {
    end();
    for (const int fd : done_) ::close(fd);
  }
  BusyProcesses(const BusyProcesses&) = delete;

  enum class Network { ours, own };

  // One with a network namespace of its own is in it when this returns.
  int add(Network network = Network::ours) {
    const int pid = test::forked();
    if (pid == 0) {
      const char entered = network == Network::ours || ::unshare(CLONE_NEWNET) == 0 ? 'y' : 'n';
      if (network == Network::own && ::write(done_[1], &entered, 1) != 1) ::_exit(1);
      work();
    }
    char entered = 'y';
    if (network == Network::own && (::read(done_[0], &entered, 1) != 1 || entered != 'y'))
      throw std::runtime_error("no network namespace could be made");
    pids_.push_back(pid);
    return pid;
  }

  void end() {
    for (const int pid : pids_) ::kill(pid, SIGKILL);
    for (const int pid : pids_) ::waitpid(pid, nullptr, 0);
    pids_.clear();
  }

  // One burst of each; over when all have answered.
  void burst() const {
    char byte = 0;
    for (const int pid : pids_) ::kill(pid, SIGUSR1);
    for (std::size_t i = 0; i < pids_.size(); ++i)
      if (::read(done_[0], &byte, 1) != 1) return;
  }

 private:
  static constexpr std::size_t kBytes = 64U << 10;

  [[noreturn]] void work() const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char byte = 'x';
    for (int signal = 0; ::sigwait(&signal_, &signal) == 0;) {
      void* memory =
          ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (memory != MAP_FAILED) {
        std::memset(memory, 1, kBytes);
        ::munmap(memory, kBytes);
      }
      if (::write(done_[1], &byte, 1) != 1) break;
    }
    ::_exit(0);
  }

  sigset_t signal_{};
  int done_[2] = {-1, -1};
  std::vector<int> pids_;
};

}  // namespace hostmeter::bench
