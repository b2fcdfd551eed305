// How long a cache line takes from one CPU to another: what a program reads of that another CPU has
// just written costs it so much, and may spare the kernel the same a moment later.
#pragma once
#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>

namespace hostmeter::bench {

// In ns, between the first two CPUs that this thread may run on. Nothing: it has only one.
inline std::optional<double> line_transfer_ns() {
  cpu_set_t allowed;
  if (pthread_getaffinity_np(pthread_self(), sizeof allowed, &allowed) != 0) return {};
  int cpus[2], found = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && found < 2; ++cpu)
    if (CPU_ISSET(cpu, &allowed)) cpus[found++] = cpu;
  if (found < 2) return {};
  constexpr std::uint64_t kTurns = 200'000;
  alignas(128) std::atomic<std::uint64_t> turn = 0;
  const auto play = [&turn](int cpu, std::uint64_t first) {
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(cpu, &own);
    pthread_setaffinity_np(pthread_self(), sizeof own, &own);
    for (std::uint64_t i = first; i < kTurns; i += 2) {
      while (turn.load(std::memory_order_acquire) != i) {
      }
      turn.store(i + 1, std::memory_order_release);
    }
  };
  const auto begun = std::chrono::steady_clock::now();
  std::thread one(play, cpus[0], 0), other(play, cpus[1], 1);
  one.join();
  other.join();
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begun;
  return took.count() / double(kTurns);
}

}  // namespace hostmeter::bench
