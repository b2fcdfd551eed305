#include "source/bpf/latency_counting.hpp"

#include <type_traits>

namespace hostmeter::source::bpf {
namespace {

// The kernel's counts wrap around; and those of a cgroup shrink when the kernel takes some of its
// rows for another.
template <class Count>
Count grown(Count now, Count seen) {
  const auto growth = std::make_signed_t<Count>(now - seen);
  return growth > 0 ? Count(growth) : 0;
}

}  // namespace

std::uint64_t LatencySums::folded(std::size_t bucket, std::size_t buckets) const {
  const std::size_t below = count.size() - buckets;
  if (bucket > 0) return count[below + bucket];
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i <= below; ++i) sum += count[i];
  return sum;
}

wire_latency LatencyCounting::load(const wire_latency& latency) {
  wire_latency copy{};
  copy.sum_ns = __atomic_load_n(&latency.sum_ns, __ATOMIC_ACQUIRE);
  for (std::size_t i = 0; i < WIRE_LATENCY_BUCKETS; ++i)
    copy.count[i] = __atomic_load_n(&latency.count[i], __ATOMIC_ACQUIRE);
  return copy;
}

wire_latency LatencyCounting::growth(const wire_latency& now, const wire_latency& seen) {
  wire_latency growth{};
  growth.sum_ns = grown(now.sum_ns, seen.sum_ns);
  for (std::size_t i = 0; i < WIRE_LATENCY_BUCKETS; ++i)
    growth.count[i] = grown(now.count[i], seen.count[i]);
  return growth;
}

bool LatencyCounting::is_growth(const wire_latency& growth) {
  std::uint32_t any = 0;
  for (const std::uint32_t count : growth.count) any |= count;
  return any != 0;
}

void LatencyCounting::grow(wire_latency& seen, const wire_latency& growth) {
  seen.sum_ns += growth.sum_ns;
  for (std::size_t i = 0; i < WIRE_LATENCY_BUCKETS; ++i) seen.count[i] += growth.count[i];
}

void LatencyCounting::add_to(LatencySums& sums, const wire_latency& growth) {
  sums.sum_ns += growth.sum_ns;
  for (std::size_t i = 0; i < WIRE_LATENCY_BUCKETS; ++i) sums.count[i] += growth.count[i];
}

}  // namespace hostmeter::source::bpf
