#include "source/script/open_textfile.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/open_file.hpp"
#include "source/script/host_paths.hpp"

namespace hostmeter::source::script {
Result<base::UniqueFd> open_textfile(int dir_fd, const char* name) {
  const base::UniqueFd found = base::open_beneath(dir_fd, name, O_PATH);
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
