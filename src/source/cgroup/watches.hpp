// Being told of directories made and removed: inotify.
#pragma once
#include <cstdint>
#include <memory>

#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::cgroup {

class Watches {
 public:
  static constexpr int kNone = -1;
  static constexpr unsigned kMostReads = 16;

  // Without a notification descriptor (too many of this user) nothing can be watched.
  // limit: as many as the kernel gives, or less.
  explicit Watches(std::size_t limit = ~std::size_t{0});
  explicit operator bool() const { return bool(fd_); }

  // Watches an open directory: inotify has no call that takes a descriptor, /proc/self/fd is how
  // one is named. ENOSPC: no watches left for this user.
  Result<int> add(int dir_fd);

  // Kernels up to now keep a watch, and the removed cgroup's inode with it, until it is taken away.
  void remove(int watch);

  std::size_t size() const { return size_; }

  // Calls changed(watch) for each thing that happened since the last call, and overflow() when
  // the kernel had to drop some. What is beyond kMostReads buffers, which someone may be filling
  // as fast as they are read, is left for the next call.
  template <class Changed, class Overflow>
  void drain(Changed&& changed, Overflow&& overflow) {
    for (unsigned reads = 0; reads < kMostReads; ++reads) {
      const std::size_t filled = fill();
      if (filled == 0) return;
      std::size_t at = 0;
      while (at < filled) {
        const Event event = event_at(at);
        if (event.overflow)
          overflow();
        else if (event.about_directory)
          changed(event.watch);
        at = event.next;
      }
    }
  }

 private:
  struct Event {
    int watch;
    bool overflow, about_directory;
    std::size_t next;
  };
  static constexpr std::size_t kBuffer = 64U << 10;

  std::size_t fill();
  Event event_at(std::size_t at) const;

  base::UniqueFd fd_;
  std::unique_ptr<char[]> buffer_;
  std::size_t limit_, size_ = 0;
};

}  // namespace hostmeter::source::cgroup
