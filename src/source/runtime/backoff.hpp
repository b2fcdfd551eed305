// When to try again what failed: ever more seldom, and not all at the same moment.
#pragma once
#include <algorithm>
#include <cstdint>
#include <random>

namespace hostmeter::source::runtime {

class Backoff {
 public:
  static constexpr std::uint64_t kFirstNs = 500'000'000, kMostNs = 60'000'000'000;

  explicit Backoff(std::uint32_t seed) : random_(seed) {}

  // Time to wait from now on: doubled each time, a quarter more or less.
  std::uint64_t next_ns() {
    const std::uint64_t base = next_;
    next_ = std::min(2 * next_, kMostNs);
    return std::uniform_int_distribution<std::uint64_t>(base - base / 4, base + base / 4)(random_);
  }
  void reset() { next_ = kFirstNs; }

 private:
  std::minstd_rand random_;
  std::uint64_t next_ = kFirstNs;
};

}  // namespace hostmeter::source::runtime
