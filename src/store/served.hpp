// Which pool is served: it can be exchanged while scrapes are under way.
#pragma once
#include <mutex>

#include "store/snapshot.hpp"

namespace hostmeter::store {

class Served {
 public:
  // The newest snapshot of the pool that is served now; empty when there is none.
  SnapshotPool::Lease newest() const {
    const std::scoped_lock lock(mutex_);
    return pool_ ? pool_->newest() : SnapshotPool::Lease();
  }

  // From now on. Nobody takes a snapshot of the pool before any more: when its leases have ended it
  // may go.
  void serve(SnapshotPool* pool) {
    const std::scoped_lock lock(mutex_);
    pool_ = pool;
  }

 private:
  mutable std::mutex mutex_;
  SnapshotPool* pool_ = nullptr;
};

}  // namespace hostmeter::store
