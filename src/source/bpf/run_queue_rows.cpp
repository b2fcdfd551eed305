#include "source/bpf/run_queue_rows.hpp"

#include <algorithm>
#include <cstring>

namespace hostmeter::source::bpf {
namespace {

std::uint64_t owner_of(const wire_run_queue& row) {
  return __atomic_load_n(&row.cgroup_id, __ATOMIC_ACQUIRE);
}

}  // namespace

std::span<const RunQueueRow> RunQueueRows::read() {
  sums_.clear();
  std::uint64_t highest = 0;
  RunQueueRow beyond{};
  for (const wire_run_queue& row : of(0)) {
    LatencyCounting::grow(beyond.sum, LatencyCounting::load(row.waits));
    highest = std::max(highest, owner_of(row));
  }
  for (const std::uint32_t more : LatencyCounting::growth(beyond.sum, beyond_seen_).count)
    beyond_ += more;
  beyond_seen_ = beyond.sum;
  sums_.push_back(beyond);
  const auto end = std::uint32_t(std::min<std::uint64_t>(highest + 1, slots()));
  for (std::uint32_t slot = 1; slot < end; ++slot) {
    const std::size_t first = sums_.size();  // those of this slot
    for (const wire_run_queue& row : of(slot)) {
      const std::uint64_t owner = owner_of(row);
      if (owner == 0) continue;
      const wire_latency waits = LatencyCounting::load(row.waits);
      if (owner_of(row) != owner) continue;  // it changed hands just now
      const auto sum =
          std::find_if(sums_.begin() + std::ptrdiff_t(first), sums_.end(),
                       [&](const RunQueueRow& one) { return one.key.cgroup_id == owner; });
      if (sum == sums_.end())
        sums_.push_back({{owner, slot}, waits});
      else
        LatencyCounting::grow(sum->sum, waits);
    }
  }
  return sums_;
}

std::span<const RunQueueRow> RunQueueRows::read_changed() {
  std::swap(sums_, last_);
  read();
  changed_.clear();
  for (std::size_t i = 0; i < sums_.size(); ++i) {
    const RunQueueRow& now = sums_[i];
    if (i < last_.size() && now.key.cgroup_id == last_[i].key.cgroup_id &&
        now.key.slot == last_[i].key.slot &&
        std::memcmp(&now.sum, &last_[i].sum, sizeof now.sum) == 0)
      continue;
    changed_.push_back(now);
  }
  return changed_;
}

std::optional<wire_latency> RunQueueRows::find(const RunQueueKey& key) const {
  std::optional<wire_latency> sum;
  for (const wire_run_queue& row : of(key.slot)) {
    if (owner_of(row) != key.cgroup_id) continue;
    const wire_latency waits = LatencyCounting::load(row.waits);
    if (owner_of(row) != key.cgroup_id) continue;
    if (!sum) sum.emplace();
    LatencyCounting::grow(*sum, waits);
  }
  return sum;
}

void RunQueueRows::release(const RunQueueKey& key) {
  if (key.slot == 0) return;
  for (wire_run_queue& row : of(key.slot)) {
    __u64 expected = key.cgroup_id;
    __atomic_compare_exchange_n(&row.cgroup_id, &expected, 0, false, __ATOMIC_ACQ_REL,
                                __ATOMIC_RELAXED);
  }
}

}  // namespace hostmeter::source::bpf
