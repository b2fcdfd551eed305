// Being told of directories made and removed, boundedly.
#pragma once
#include "base/notices.hpp"

namespace hostmeter::source::cgroup {

class Watches {
 public:
  static constexpr int kNone = -1;

  // Without a notification descriptor (too many of this user) nothing can be watched.
  // limit: as many as the kernel gives, or less.
  explicit Watches(std::size_t limit = ~std::size_t{0}) : limit_(limit) {}
  explicit operator bool() const { return notices_.fd() >= 0; }

  // ENOSPC: no watches left, for this user or by the limit.
  Result<int> add(int dir_fd);

  // Kernels up to now keep a watch, and the removed cgroup's inode with it, until it is taken away.
  void remove(int watch);

  std::size_t size() const { return size_; }

  // Calls changed(watch) for each thing that happened since the last call, and then overflow() if
  // the kernel had to drop some.
  template <class Changed, class Overflow>
  void drain(Changed&& changed, Overflow&& overflow) {
    const bool is_whole = notices_.drain([&](const base::Notices::Notice& notice) {
      if (notice.is_directory) changed(notice.watch);
    });
    if (!is_whole) overflow();
  }

 private:
  base::Notices notices_{base::Notices::Of::entries, 64U << 10};
  std::size_t limit_, size_ = 0;
};

}  // namespace hostmeter::source::cgroup
