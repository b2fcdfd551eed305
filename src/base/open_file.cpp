// Opening what may be closed to us.
#include "base/open_file.hpp"

#include <fcntl.h>

#include <cerrno>

namespace hostmeter::base {

CapabilitySet right_to_read() {
  constexpr CapabilitySet kRead{CAP_DAC_READ_SEARCH}, kOverride{CAP_DAC_OVERRIDE};
  return may(kRead) ? kRead : kOverride;
}

UniqueFd open_file(int dir_fd, const char* path, int flags) {
  UniqueFd fd(::openat(dir_fd, path, flags | O_CLOEXEC));
  if (fd || errno != EACCES) return fd;
  const Raised rights(right_to_read());
  if (rights) fd = UniqueFd(::openat(dir_fd, path, flags | O_CLOEXEC));
  if (!rights) errno = EACCES;
  return fd;
}

}  // namespace hostmeter::base
