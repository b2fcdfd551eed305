// Two processes that wake each other on one CPU, each in a cgroup of its own.
#pragma once
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <stdexcept>

#include "bpf/scratch_cgroup.hpp"
#include "support/forked.hpp"

namespace hostmeter::bench {

class PingPong {
 public:
  PingPong(const test::ScratchCgroup& one, const test::ScratchCgroup& other, int cpu) {
    if (::pipe(there_) != 0 || ::pipe(back_) != 0 || ::pipe(orders_) != 0 || ::pipe(answers_) != 0)
      throw std::runtime_error("pipes");
    first_ = start(one, cpu, [this] { serve(); });
    second_ = start(other, cpu, [this] { echo(); });
  }
  ~PingPong() {
    ::kill(first_, SIGKILL);
    ::kill(second_, SIGKILL);
    ::waitpid(first_, nullptr, 0);
    ::waitpid(second_, nullptr, 0);
    for (const int* ends : {there_, back_, orders_, answers_})
      for (int i = 0; i < 2; ++i) ::close(ends[i]);
  }
  PingPong(const PingPong&) = delete;

  // CPU ns of both for each context switch.
  double run(std::uint64_t rounds) {
    const std::uint64_t before = cpu_ns(first_) + cpu_ns(second_);
    std::uint64_t done = 0;
    if (::write(orders_[1], &rounds, sizeof rounds) != sizeof rounds ||
        ::read(answers_[0], &done, sizeof done) != sizeof done)
      throw std::runtime_error("the ping-pong has ended");
    return double(cpu_ns(first_) + cpu_ns(second_) - before) / double(2 * rounds);
  }

 private:
  template <class Work>
  static pid_t start(const test::ScratchCgroup& cgroup, int cpu, Work work) {
    const pid_t child = test::forked();
    if (child != 0) return child;
    cgroup.enter();
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(cpu, &cpus);
    ::sched_setaffinity(0, sizeof cpus, &cpus);
    work();
    ::_exit(0);
  }
  void serve() {
    std::uint64_t rounds = 0;
    char ball = 0;
    while (::read(orders_[0], &rounds, sizeof rounds) == sizeof rounds) {
      for (std::uint64_t i = 0; i < rounds; ++i)
        if (::write(there_[1], &ball, 1) != 1 || ::read(back_[0], &ball, 1) != 1) return;
      if (::write(answers_[1], &rounds, sizeof rounds) != sizeof rounds) return;
    }
  }
  void echo() {
    char ball = 0;
    while (::read(there_[0], &ball, 1) == 1 && ::write(back_[1], &ball, 1) == 1) {
    }
  }
  static std::uint64_t cpu_ns(pid_t pid) {
    clockid_t clock = 0;
    timespec used{};
    ::clock_getcpuclockid(pid, &clock);
    ::clock_gettime(clock, &used);
    return std::uint64_t(used.tv_sec) * 1'000'000'000 + std::uint64_t(used.tv_nsec);
  }

  int there_[2], back_[2], orders_[2], answers_[2];
  pid_t first_ = 0, second_ = 0;
};

}  // namespace hostmeter::bench
