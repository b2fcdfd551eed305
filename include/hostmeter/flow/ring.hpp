// A bounded queue between exactly two threads, without locks.
#pragma once
#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <utility>

namespace hostmeter {

// Single producer, single consumer. The producer keeps a copy of the consumer's index and looks at
// the real one only when the copy says full, so that the cache line seldom changes hands.
template <class T>
class Ring {
 public:
  // capacity is rounded up to a power of two.
  explicit Ring(std::size_t capacity)
      : mask_(std::bit_ceil(capacity < 2 ? 2 : capacity) - 1),
        slots_(std::make_unique<T[]>(mask_ + 1)) {}

  std::size_t capacity() const { return mask_ + 1; }

  // Producer. False when fewer than keep + 1 slots are free; value is then untouched.
  bool push(T&& value, std::size_t keep = 0) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (capacity() - (tail - head_seen_) <= keep) {
      head_seen_ = head_.load(std::memory_order_acquire);
      if (capacity() - (tail - head_seen_) <= keep) return false;
    }
    slots_[tail & mask_] = std::move(value);
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // Producer: more than half of it waits to be read.
  bool is_half_full() {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_seen_ <= capacity() / 2) return false;
    head_seen_ = head_.load(std::memory_order_acquire);
    return tail - head_seen_ > capacity() / 2;
  }

  // Consumer: an end to read up to with drain_until; all pushed before this call is before it.
  std::size_t tail() const { return tail_.load(std::memory_order_acquire); }

  // Consumer. Calls use(T&) for each element before end.
  template <class Use>
  void drain_until(std::size_t end, Use&& use) {
    std::size_t head = head_.load(std::memory_order_relaxed);
    while (head != end) {
      T value = std::move(slots_[head & mask_]);
      head_.store(++head, std::memory_order_release);
      use(value);
    }
  }

 private:
  static constexpr std::size_t kLine = 64;
  alignas(kLine) std::atomic<std::size_t> head_{0};  // next to read; written by the consumer
  alignas(kLine) std::atomic<std::size_t> tail_{0};  // next to write; written by the producer
  std::size_t head_seen_ = 0;                        // the producer's copy of head_
  alignas(kLine) const std::size_t mask_;
  std::unique_ptr<T[]> slots_;
};

}  // namespace hostmeter
