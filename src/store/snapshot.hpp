// One tick, whole, as HTTP threads see it.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "hostmeter/metric/desc.hpp"
#include "hostmeter/metric/sink.hpp"
#include "store/label_text.hpp"
#include "store/printed.hpp"
#include "store/view.hpp"

namespace hostmeter::store {

// A metric and who fills it; the same for the whole run, sorted by name.
struct Family {
  const MetricDesc* metric;
  std::string_view collector;
};

// A series' text behind its name, `{labels} `, and where its value is. A container's series share
// its labels, and all without labels of their own the rest: a scrape then reads little memory.
struct Line {
  const LabelText* owner;  // `{id="/docker/0123…"` or `{`; empty where there are no labels at all
  const LabelText* rest;   // `,device="vda"} `, `} ` or ` `
  SeriesId series;
  std::uint32_t slot;  // of the Subject that its labels are of, or kNoOwner
};

struct Snapshot {
  std::uint64_t sequence = 0;      // of publication
  std::uint64_t realtime_ns = 0;   // the moment the tick is for
  std::uint64_t monotonic_ns = 0;  // when its reading began
  const std::vector<Family>* families = nullptr;
  std::vector<const std::vector<Line>*> lines;  // by family; never changed once published
  std::vector<std::uint64_t> lines_since;       // by family: the first sequence with these lines
  std::vector<std::uint64_t> values;            // by SeriesId
  std::vector<std::uint8_t> present;
  std::shared_ptr<const PrintedMetrics> printed;  // null: none
  std::vector<View> views;                        // one for each contract that is served

  // Whether it has a value; of a histogram, whether all of it is there.
  bool shows(const MetricDesc& metric, SeriesId series) const {
    for (std::size_t cell = 0; cell < metric.cells(); ++cell)
      if (!present[series + cell]) return false;
    return true;
  }
};

// A fixed set of snapshots that change hands under a mutex: the pump fills a free one, readers
// share the newest. With one more than readers + newest there is always a free one.
class SnapshotPool {
 public:
  explicit SnapshotPool(std::size_t readers) : slots_(readers + 2) {}

  // Keeps a snapshot from being filled anew.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept : pool_(other.pool_), slot_(other.slot_) {
      other.pool_ = nullptr;
    }
    Lease& operator=(Lease&& other) noexcept {
      std::swap(pool_, other.pool_);
      std::swap(slot_, other.slot_);
      return *this;
    }
    ~Lease() {
      if (pool_) pool_->release(slot_);
    }
    explicit operator bool() const { return pool_ != nullptr; }
    const Snapshot& operator*() const { return pool_->slots_[slot_].snapshot; }
    const Snapshot* operator->() const { return &pool_->slots_[slot_].snapshot; }

   private:
    friend SnapshotPool;
    Lease(SnapshotPool* pool, std::size_t slot) : pool_(pool), slot_(slot) {}
    SnapshotPool* pool_ = nullptr;
    std::size_t slot_ = 0;
  };

  // The newest snapshot; empty before the first, and when more readers come than the pool is for.
  Lease newest();

  // A scrape that was refused before it came to a snapshot.
  void count_refused() { ++refused_; }
  std::uint64_t refused() const { return refused_; }

  // Pump: a snapshot nobody reads, to be filled and given to publish. Null when readers hold all.
  Snapshot* take_free();
  void publish(const Snapshot* filled);

  // Pump: the lowest sequence that a reader may still look at.
  std::uint64_t oldest_in_use() const;

  // Waits until no reader holds a snapshot or the time is over. True when none does.
  bool wait_unread(std::uint64_t timeout_ns) const;

  // Waits until a snapshot later than `after` is published or the time is over.
  bool wait_newer(std::uint64_t after, std::uint64_t timeout_ns) const;

 private:
  struct Slot {
    Snapshot snapshot;
    unsigned readers = 0;
  };
  static constexpr std::size_t kNone = ~std::size_t{0};

  void release(std::size_t slot);

  mutable std::mutex mutex_;
  mutable std::condition_variable published_, released_;
  std::vector<Slot> slots_;
  std::size_t newest_ = kNone;
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace hostmeter::store
