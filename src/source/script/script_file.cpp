#include "source/script/script_file.hpp"

#include <unistd.h>

#include <cerrno>

namespace hostmeter::source::script {
namespace {

bool is_foreign(const struct stat& status, uid_t ours) {
  return status.st_uid != 0 && status.st_uid != ours;
}

bool is_open_to_others(const struct stat& status) {
  return (status.st_mode & S_IWOTH) != 0 || ((status.st_mode & S_IWGRP) != 0 && status.st_gid != 0);
}

}  // namespace

std::optional<Error> check_file(const struct stat& status, uid_t ours) {
  if (!S_ISREG(status.st_mode)) return Error{EINVAL, "it is no regular file"};
  if (is_foreign(status, ours)) return Error{EPERM, "it is another user's file"};
  if (is_open_to_others(status)) return Error{EPERM, "others can write to it"};
  if ((status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
    return Error{EACCES, "it is not executable"};
  return {};
}

std::optional<Error> check_directory(const struct stat& status, uid_t ours) {
  if (is_foreign(status, ours)) return Error{EPERM, "its directory is another user's"};
  if (is_open_to_others(status)) return Error{EPERM, "others can write to its directory"};
  return {};
}

std::optional<Error> check_script(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return Error{errno, "look at it"};
  if (const auto failure = check_file(status, ::geteuid())) return failure;
  const auto slash = path.rfind('/');
  const std::string directory = slash == 0 ? "/" : path.substr(0, slash);
  if (::stat(directory.c_str(), &status) != 0) return Error{errno, "look at its directory"};
  return check_directory(status, ::geteuid());
}

}  // namespace hostmeter::source::script
