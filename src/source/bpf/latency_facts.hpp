// A latency histogram as the fields of a group.
#pragma once
#include "hostmeter/flow/facts.hpp"
#include "source/bpf/latency_counting.hpp"

namespace hostmeter::source::bpf {

// Field has sum_ns and, from first_bucket to its end, buckets whose bounds are the last ones of
// wire_latency's: what is below the lowest bound is in its bucket.
template <class Field>
Facts<Field> latency_facts(const LatencySums& sums) {
  constexpr std::size_t kFirst = std::size_t(Field::first_bucket);
  constexpr std::size_t kBuckets = std::size_t(Field::count) - kFirst;
  static_assert(kBuckets <= WIRE_LATENCY_BUCKETS);
  Facts<Field> facts;
  facts.set(Field::sum_ns, sums.sum_ns);
  for (std::size_t i = 0; i < kBuckets; ++i) facts.set(Field(kFirst + i), sums.folded(i, kBuckets));
  return facts;
}

}  // namespace hostmeter::source::bpf
