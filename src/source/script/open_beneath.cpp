#include "source/script/open_beneath.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "base/open_file.hpp"
#include "source/script/host_paths.hpp"

namespace hostmeter::source::script {
namespace {

base::UniqueFd find_beneath(int dir_fd, const char* name) {
  open_how how{};
  how.flags = std::uint64_t(O_PATH | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  constexpr int kTries = 8;  // EAGAIN: something was renamed above a ".." of the path
  long fd = -1;
  for (int i = 0; i < kTries; ++i) {
    fd = ::syscall(SYS_openat2, dir_fd, name, &how, sizeof how);
    if (fd >= 0 || errno != EAGAIN) break;
  }
  return base::UniqueFd(int(fd));
}

base::UniqueFd find(int dir_fd, const char* name) {
  base::UniqueFd found = find_beneath(dir_fd, name);
  if (found) return found;
  if (errno == EACCES) {  // a directory of theirs that is closed to us
    const base::Raised rights(base::right_to_read());
    if (rights) found = find_beneath(dir_fd, name);
    if (!rights) errno = EACCES;
  }
  if (found || (errno != ENOSYS && errno != EPERM)) return found;
  return base::open_file(dir_fd, name, O_PATH | O_NOFOLLOW);
}

}  // namespace

Result<base::UniqueFd> open_beneath(int dir_fd, const char* name) {
  const base::UniqueFd found = find(dir_fd, name);
  if (!found) return Error{errno, errno == EXDEV ? "it leads out of its directory" : "open it"};
  struct stat dir {
  }, file{};
  if (::fstat(dir_fd, &dir) != 0 || ::fstat(found.get(), &file) != 0)
    return Error{errno, "ask what it is"};
  if (!S_ISREG(file.st_mode)) return Error{EINVAL, "it is no regular file"};
  const bool is_theirs = file.st_uid == dir.st_uid;
  const bool is_open_to_all = (file.st_mode & S_IROTH) != 0;
  if (!is_theirs && !is_open_to_all && file.st_nlink > 1)
    return Error{EPERM, "it is another owner's file that has another name, too"};
  const std::string path = std::string(paths::kSelfFds) + '/' + std::to_string(found.get());
  constexpr int kFlags = O_RDONLY | O_NONBLOCK | O_CLOEXEC;
  base::UniqueFd opened = is_theirs || file.st_uid == 0
                              ? base::open_file(AT_FDCWD, path.c_str(), kFlags)
                              : base::UniqueFd(::open(path.c_str(), kFlags));
  if (!opened) return Error{errno, "open it"};
  return opened;
}

}  // namespace hostmeter::source::script
