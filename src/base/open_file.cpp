// Opening what may be closed to us.
#include "base/open_file.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace hostmeter::base {

CapabilitySet right_to_read() {
  constexpr CapabilitySet kRead{CAP_DAC_READ_SEARCH}, kOverride{CAP_DAC_OVERRIDE};
  return may(kRead) ? kRead : kOverride;
}

namespace {

template <class Open>
UniqueFd with_the_right(Open open) {
  UniqueFd fd(open());
  if (fd || errno != EACCES) return fd;
  const Raised rights(right_to_read());
  if (rights) fd = UniqueFd(open());
  if (!rights) errno = EACCES;
  return fd;
}

// resolve: what links may do.
int openat2(int dir_fd, const char* path, int flags, std::uint64_t resolve) {
  open_how how{};
  how.flags = std::uint64_t(flags | O_CLOEXEC);
  how.resolve = resolve | RESOLVE_NO_MAGICLINKS;
  constexpr int kTries = 8;  // EAGAIN: something was renamed above a ".." of the path
  long fd = -1;
  for (int i = 0; i < kTries; ++i) {
    fd = ::syscall(SYS_openat2, dir_fd, path, &how, sizeof how);
    if (fd >= 0 || errno != EAGAIN) break;
  }
  return int(fd);
}

}  // namespace

UniqueFd open_file(int dir_fd, const char* path, int flags) {
  return with_the_right([&] { return ::openat(dir_fd, path, flags | O_CLOEXEC); });
}

UniqueFd open_in_root(int root_fd, const char* path, int flags) {
  UniqueFd fd = with_the_right([&] { return openat2(root_fd, path, flags, RESOLVE_IN_ROOT); });
  if (fd || (errno != ENOSYS && errno != EPERM)) return fd;
  return open_file(root_fd, path, flags);
}

UniqueFd open_beneath(int dir_fd, const char* path, int flags) {
  UniqueFd fd = with_the_right([&] { return openat2(dir_fd, path, flags, RESOLVE_BENEATH); });
  if (fd || (errno != ENOSYS && errno != EPERM)) return fd;
  return open_file(dir_fd, path, flags | O_NOFOLLOW);
}

}  // namespace hostmeter::base
