#include "source/script/script_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <utility>

#include "source/script/host_paths.hpp"

namespace hostmeter::source::script {
namespace {

constexpr int kMostLinks = 40;  // as the kernel

bool is_foreign(const struct stat& status, uid_t ours) {
  return status.st_uid != 0 && status.st_uid != ours;
}

// A way to a file, one name after the other.
class Walk {
 public:
  explicit Walk(uid_t ours) : ours_(ours) {}

  Result<ScriptFile> to(const std::string& path) {
    rest_ = path;
    if (!start()) return Error{errno, "look at the root"};
    while (!rest_.empty()) {
      const auto slash = rest_.find('/');
      const std::string name = rest_.substr(0, slash);
      rest_.erase(0, slash == std::string::npos ? slash : slash + 1);
      if (name.empty() || name == ".") continue;
      if (const auto failure = step(name)) return *failure;
    }
    if (const auto failure = check_file(status_, ours_)) return *failure;
    return ScriptFile{std::move(at_), std::move(real_)};
  }

 private:
  bool start() {
    real_.clear();
    return enter(base::UniqueFd(::open(paths::kRoot, O_PATH | O_DIRECTORY | O_CLOEXEC)));
  }

  bool enter(base::UniqueFd next) {
    if (!next || ::fstat(next.get(), &status_) != 0) return false;
    at_ = std::move(next);
    return true;
  }

  // As a directory first: only so what is mounted when it is asked for is there.
  base::UniqueFd open(const std::string& name) const {
    constexpr int kFlags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
    base::UniqueFd next(::openat(at_.get(), name.c_str(), kFlags | O_DIRECTORY));
    if (!next && (errno == ENOTDIR || errno == ELOOP))
      next = base::UniqueFd(::openat(at_.get(), name.c_str(), kFlags));
    return next;
  }

  std::optional<Error> step(const std::string& name) {
    const struct stat directory = status_;
    if (!S_ISDIR(directory.st_mode)) return Error{ENOTDIR, "look at it"};
    base::UniqueFd next = open(name);
    struct stat found {};
    if (!next || ::fstat(next.get(), &found) != 0) return Error{errno, "look at it"};
    const bool is_up = name == "..";
    if (const auto failure = is_up ? std::nullopt : check_directory(directory, found, ours_))
      return failure;
    if (S_ISLNK(found.st_mode)) return follow(next.get());
    if (is_up)
      real_.erase(real_.empty() ? 0 : real_.rfind('/'));
    else
      real_ += '/' + name;
    at_ = std::move(next);
    status_ = found;
    return {};
  }

  std::optional<Error> follow(int link) {
    if (++links_ > kMostLinks) return Error{ELOOP, "look at it"};
    std::array<char, PATH_MAX> target{};
    const ssize_t size = ::readlinkat(link, "", target.data(), target.size());
    if (size <= 0 || size == ssize_t(target.size())) return Error{ENAMETOOLONG, "look at it"};
    rest_ = std::string(target.data(), std::size_t(size)) + '/' + rest_;
    if (rest_.size() > PATH_MAX) return Error{ENAMETOOLONG, "look at it"};
    if (target[0] == '/' && !start()) return Error{errno, "look at the root"};
    return {};
  }

  const uid_t ours_;
  base::UniqueFd at_;
  struct stat status_ {};  // of it
  std::string real_, rest_;
  int links_ = 0;
};

}  // namespace

std::optional<Error> check_file(const struct stat& status, uid_t ours) {
  if (!S_ISREG(status.st_mode)) return Error{EINVAL, "it is no regular file"};
  if (is_foreign(status, ours)) return Error{EPERM, "it is another user's file"};
  if ((status.st_mode & S_IWOTH) != 0) return Error{EPERM, "others can write to it"};
  // Whatever the group: with an ACL these bits are what that lets other users do.
  if ((status.st_mode & S_IWGRP) != 0) return Error{EPERM, "its group, or an ACL, can write to it"};
  if ((status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
    return Error{EACCES, "it is not executable"};
  return {};
}

std::optional<Error> check_directory(const struct stat& directory, const struct stat& next,
                                     uid_t ours) {
  if (is_foreign(directory, ours))
    return Error{EPERM, "a directory on the way to it is another user's"};
  if ((directory.st_mode & (S_IWOTH | S_IWGRP)) == 0) return {};
  if ((directory.st_mode & S_ISVTX) == 0)
    return Error{EPERM, "others can write to a directory on its way"};
  if (is_foreign(next, ours)) return Error{EPERM, "another user can exchange it, or what it is in"};
  return {};
}

Result<ScriptFile> open_script(const std::string& path) {
  return Walk(::geteuid()).to(path);
}

std::optional<Error> check_script(const std::string& path) {
  const auto opened = open_script(path);
  return opened ? std::optional<Error>() : opened.error();
}

}  // namespace hostmeter::source::script
