#include "source/cgroup/watches.hpp"

#include <cerrno>

namespace hostmeter::source::cgroup {

Result<int> Watches::add(int dir_fd) {
  if (size_ >= limit_) return Error{ENOSPC, "watch a cgroup"};
  const auto watch = notices_.add(dir_fd);
  if (watch) ++size_;
  return watch;
}

void Watches::remove(int watch) {
  if (watch == kNone) return;
  notices_.remove(watch);
  --size_;
}

}  // namespace hostmeter::source::cgroup
