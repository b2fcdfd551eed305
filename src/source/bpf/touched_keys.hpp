// Which rows of a map grew, as its programs tell.
#pragma once
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "hostmeter/wire/touched.h"

namespace hostmeter::source::bpf {

template <class Key>
class TouchedKeys {
 public:
  TouchedKeys(int ring_fd, wire_touches* touches)
      : touches_(touches), ring_(ring_buffer__new(ring_fd, taken, this, nullptr)) {}
  TouchedKeys(const TouchedKeys&) = delete;

  explicit operator bool() const { return ring_ != nullptr; }

  // The tick that the last call of take() began, as programs note it where rows grow.
  std::uint32_t tick() const { return tick_; }

  // Those told of since the last call, those of the call before it once more, each once; nothing:
  // there was no room for some. A program may have told of a row, or kept silent, before what it
  // added was to be seen, because it came upon the end of a tick or its CPU orders no adds: a tick
  // later it is.
  std::optional<std::span<const Key>> take() {
    tick_ = __atomic_add_fetch(&touches_->tick, 1, __ATOMIC_SEQ_CST);
    keys_.swap(told_);
    told_.clear();
    const bool all = __atomic_exchange_n(&touches_->all, 0, __ATOMIC_SEQ_CST) != 0;
    ring_buffer__consume(ring_.get());
    keys_.insert(keys_.end(), told_.begin(), told_.end());
    if (std::exchange(was_all_, all) || all) return {};
    const auto is_less = [](const Key& a, const Key& b) {
      return std::memcmp(&a, &b, sizeof a) < 0;
    };
    const auto is_same = [](const Key& a, const Key& b) {
      return std::memcmp(&a, &b, sizeof a) == 0;
    };
    std::sort(keys_.begin(), keys_.end(), is_less);
    keys_.erase(std::unique(keys_.begin(), keys_.end(), is_same), keys_.end());
    return keys_;
  }

 private:
  struct Free {
    void operator()(ring_buffer* ring) const { ring_buffer__free(ring); }
  };
  // Whoever tells faster than we listen must not hold us up: the rest is read next time.
  static int taken(void* self, void* data, std::size_t) {
    auto& keys = static_cast<TouchedKeys*>(self)->told_;
    keys.push_back(*static_cast<const Key*>(data));
    return keys.size() < kMost ? 0 : -EAGAIN;
  }
  static constexpr std::size_t kMost = 1U << 14;

  wire_touches* touches_;
  std::unique_ptr<ring_buffer, Free> ring_;
  std::vector<Key> keys_, told_;
  bool was_all_ = false;
  std::uint32_t tick_ = 0;
};

}  // namespace hostmeter::source::bpf
