#include "source/bpf/run_queue_rows.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace hostmeter::source::bpf {
namespace {

std::uint64_t owner_of(const wire_run_queue& row) {
  return __atomic_load_n(&row.cgroup_id, __ATOMIC_ACQUIRE);
}

}  // namespace

// What is reserved and not used takes no memory.
RunQueueRows::RunQueueRows(std::span<wire_run_queue> rows, std::span<wire_run_queue_marks> marks,
                           unsigned cpus)
    : rows_(rows), marks_(marks), cpus_(cpus) {
  sums_.reserve(slots());
  for (auto* const list : {&marked_, &marked_before_, &due_}) list->reserve(slots());
}

std::span<const RunQueueRow> RunQueueRows::read() {
  sums_.clear();
  add_beyond();
  for (std::uint32_t slot = 1; slot < slots(); ++slot) add(slot);
  return sums_;
}

std::span<const RunQueueRow> RunQueueRows::read_grown() {
  marked_before_.swap(marked_);
  take_marks();
  due_.clear();
  std::ranges::set_union(marked_, marked_before_, std::back_inserter(due_));
  sums_.clear();
  for (const std::uint32_t slot : due_)
    if (slot == 0)
      add_beyond();
    else
      add(slot);
  return sums_;
}

void RunQueueRows::add_beyond() {
  RunQueueRow beyond{};
  for (const wire_run_queue& row : of(0))
    LatencyCounting::grow(beyond.sum, LatencyCounting::load(row.waits));
  for (const std::uint32_t more : LatencyCounting::growth(beyond.sum, beyond_seen_).count)
    beyond_ += more;
  beyond_seen_ = beyond.sum;
  sums_.push_back(beyond);
}

void RunQueueRows::add(std::uint32_t slot) {
  const std::size_t first = sums_.size();
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

void RunQueueRows::take_marks() {
  constexpr wire_run_queue_marks kNone{};
  marked_.clear();
  for (std::size_t element = 0; element < marks_.size(); ++element) {
    wire_run_queue_marks& marks = marks_[element];
    wire_run_queue_marks taken;
    __atomic_load(&marks, &taken, __ATOMIC_RELAXED);
    if (std::memcmp(&taken, &kNone, sizeof taken) == 0) continue;
    wire_run_queue_marks none{};
    __atomic_exchange(&marks, &none, &taken, __ATOMIC_SEQ_CST);
    for (std::size_t i = 0; i < std::size(taken.grown); ++i)
      if (const std::size_t slot = element * std::size(taken.grown) + i;
          taken.grown[i] != 0 && slot < slots())
        marked_.push_back(std::uint32_t(slot));
  }
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
