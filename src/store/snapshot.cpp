#include "store/snapshot.hpp"

#include <algorithm>
#include <chrono>

namespace hostmeter::store {

SnapshotPool::Lease SnapshotPool::newest() {
  const std::scoped_lock lock(mutex_);
  if (newest_ == kNone) return {};
  std::size_t in_use = 0;
  for (const Slot& slot : slots_) in_use += slot.readers;
  if (in_use + 2 >= slots_.size()) return {};  // one is to stay free for the pump
  ++slots_[newest_].readers;
  return {this, newest_};
}

Snapshot* SnapshotPool::take_free() {
  const std::scoped_lock lock(mutex_);
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].readers == 0 && i != newest_) return &slots_[i].snapshot;
  return nullptr;
}

void SnapshotPool::publish(const Snapshot* filled) {
  {
    const std::scoped_lock lock(mutex_);
    const auto at = std::find_if(slots_.begin(), slots_.end(),
                                 [&](const Slot& slot) { return &slot.snapshot == filled; });
    newest_ = std::size_t(at - slots_.begin());
  }
  published_.notify_all();
}

std::uint64_t SnapshotPool::oldest_in_use() const {
  const std::scoped_lock lock(mutex_);
  std::uint64_t oldest = ~std::uint64_t{0};
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].readers > 0 || i == newest_)
      oldest = std::min(oldest, slots_[i].snapshot.sequence);
  return oldest;
}

bool SnapshotPool::wait_newer(std::uint64_t after, std::uint64_t timeout_ns) const {
  std::unique_lock lock(mutex_);
  return published_.wait_for(lock, std::chrono::nanoseconds(timeout_ns), [&] {
    return newest_ != kNone && slots_[newest_].snapshot.sequence > after;
  });
}

bool SnapshotPool::wait_unread(std::uint64_t timeout_ns) const {
  std::unique_lock lock(mutex_);
  return released_.wait_for(lock, std::chrono::nanoseconds(timeout_ns), [&] {
    return std::all_of(slots_.begin(), slots_.end(),
                       [](const Slot& slot) { return slot.readers == 0; });
  });
}

// The waiter may destroy this as soon as it sees the last reader gone: told under the lock.
void SnapshotPool::release(std::size_t slot) {
  const std::scoped_lock lock(mutex_);
  --slots_[slot].readers;
  released_.notify_all();
}

}  // namespace hostmeter::store
