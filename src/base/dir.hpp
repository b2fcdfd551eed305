// Directories that everything is read relative to.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::base {

class Dir {
 public:
  Dir() = default;
  static Result<Dir> open(const char* path);
  static Result<Dir> open_at(int dir_fd, const char* path);
  static Result<Dir> open_in_root(int root_fd, const char* path);  // as base::open_in_root()

  int fd() const { return fd_.get(); }
  explicit operator bool() const { return bool(fd_); }

  // Names of the entries but . and .., in ascending order. Allocates: not for every tick.
  Result<std::vector<std::string>> entries() const;

  // Names of the subdirectories only, in ascending order.
  Result<std::vector<std::string>> subdirectories() const;

  // Target of a symbolic link below this directory.
  Result<std::string> link(const char* path) const;

 private:
  explicit Dir(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace hostmeter::base
