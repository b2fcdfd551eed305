// How long things took, summed up the cgroup tree.
#pragma once
#include <array>
#include <cstdint>

#include "hostmeter/wire/latency.h"

namespace hostmeter::source::bpf {

struct LatencySums {
  std::uint64_t sum_ns = 0;
  std::array<std::uint64_t, WIRE_LATENCY_BUCKETS> count{};

  // Those of the last `buckets` buckets; what is below is in the first of them.
  std::uint64_t folded(std::size_t bucket, std::size_t buckets) const;
  std::uint64_t total() const { return folded(0, 1); }
};

// The parts of a Counting (see TreeAccounts) that are about the value.
struct LatencyCounting {
  using Value = wire_latency;
  using Sums = LatencySums;

  // The kernel writes meanwhile: each number is some number that was there, and none is read later
  // than what follows.
  static Value load(const Value&);
  static Value growth(const Value& now, const Value& seen);
  static bool is_growth(const Value& growth);
  static void grow(Value& seen, const Value& growth);
  static void add_to(Sums&, const Value& growth);
};

}  // namespace hostmeter::source::bpf
