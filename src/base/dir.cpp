#include "base/dir.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/open_file.hpp"

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
  UniqueFd own = open_file(dir_fd, ".", O_RDONLY | O_DIRECTORY);
  if (!own) return Error{errno, "open directory"};
  const std::unique_ptr<DIR, CloseDir> stream(::fdopendir(own.get()));
  if (!stream) return Error{ENOMEM, "open directory"};
  own.release();
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
  UniqueFd fd = open_file(dir_fd, path, O_RDONLY | O_DIRECTORY);
  if (!fd) return Error{errno, "open directory"};
  return Dir(std::move(fd));
}

Result<Dir> Dir::open_in_root(int root_fd, const char* path) {
  UniqueFd fd = base::open_in_root(root_fd, path, O_RDONLY | O_DIRECTORY);
  if (!fd) return Error{errno, "open directory"};
  return Dir(std::move(fd));
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
