// Which pool is served, under which contract: both can be exchanged while scrapes are under way.
#pragma once
#include <mutex>

#include "contract/contract.hpp"
#include "store/snapshot.hpp"

namespace hostmeter::expose {

class Served {
 public:
  struct Newest {
    store::SnapshotPool::Lease snapshot;  // empty: there is none
    const contract::Contract* contract;   // lives as long as the snapshot is held
  };

  Newest newest() const {
    const std::scoped_lock lock(mutex_);
    return {pool_ ? pool_->newest() : store::SnapshotPool::Lease(), contract_};
  }

  // From now on. Nobody takes a snapshot of the pool before any more: when its leases have ended it
  // may go.
  void serve(store::SnapshotPool& pool, const contract::Contract& contract) {
    const std::scoped_lock lock(mutex_);
    pool_ = &pool;
    contract_ = &contract;
  }

  // A connection that was closed unanswered because too many others were waiting.
  void count_refused() const {
    const std::scoped_lock lock(mutex_);
    if (pool_) pool_->count_refused();
  }

 private:
  mutable std::mutex mutex_;
  store::SnapshotPool* pool_ = nullptr;
  const contract::Contract* contract_ = nullptr;
};

}  // namespace hostmeter::expose
