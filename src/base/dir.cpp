#include "base/dir.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>

namespace hostmeter::base {
namespace {

struct CloseDir {
  void operator()(DIR* stream) const { ::closedir(stream); }
};

bool is_directory(int dir_fd, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat status {};
  return ::fstatat(dir_fd, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISDIR(status.st_mode);
}

Result<std::vector<std::string>> list(int dir_fd, bool only_directories) {
  const int own = ::openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (own < 0) return Error{errno, "open directory"};
  const std::unique_ptr<DIR, CloseDir> stream(::fdopendir(own));
  if (!stream) {
    ::close(own);
    return Error{ENOMEM, "open directory"};
  }
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == ".." || (only_directories && !is_directory(dir_fd, *entry)))
      continue;
    names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Result<Dir> Dir::open(const char* path) {
  return open_at(AT_FDCWD, path);
}

Result<Dir> Dir::open_at(int dir_fd, const char* path) {
  const int fd = ::openat(dir_fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Error{errno, "open directory"};
  return Dir(fd);
}

Result<std::vector<std::string>> Dir::entries() const {
  return list(fd(), false);
}

Result<std::vector<std::string>> Dir::subdirectories() const {
  return list(fd(), true);
}

Result<std::string> Dir::link(const char* path) const {
  std::array<char, 4096> target{};
  const ssize_t length = ::readlinkat(fd(), path, target.data(), target.size());
  if (length < 0) return Error{errno, "read link"};
  return std::string(target.data(), std::size_t(length));
}

}  // namespace hostmeter::base
