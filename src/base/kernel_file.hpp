// Reading /proc, /sys and cgroup files.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::base {

// One buffer that all files of a thread are read into, one after the other. It grows when a file
// does not fit and never shrinks; what it holds is valid until the next read.
class Buffer {
 public:
  static constexpr std::size_t kMost = 16U << 20;

  explicit Buffer(std::size_t size = 64U << 10)
      : size_(size), data_(std::make_unique<char[]>(size)) {}

  char* data() { return data_.get(); }
  std::size_t size() const { return size_; }
  bool grow();  // twice the size, what it held is kept; false at kMost

 private:
  std::size_t size_;
  std::unique_ptr<char[]> data_;
};

// One file, opened once and read again every tick from offset 0.
class KernelFile {
 public:
  KernelFile() = default;
  static Result<KernelFile> open_at(int dir_fd, const char* name);

  explicit operator bool() const { return bool(fd_); }

  // The whole file. EFBIG: larger than Buffer::kMost. ENODEV: the cgroup or device is gone.
  Result<std::string_view> read(Buffer& buffer) const;

  // The same in one system call, for files the kernel prints as a single record (all cgroup files
  // and single_open procfs files): there a short read is the end.
  Result<std::string_view> read_single(Buffer& buffer) const;

 private:
  explicit KernelFile(UniqueFd fd) : fd_(std::move(fd)) {}
  Result<std::string_view> read_until(Buffer& buffer, bool short_read_ends) const;
  UniqueFd fd_;
};

// open, read, close. ENOENT when the file is not there.
Result<std::string_view> read_once(int dir_fd, const char* name, Buffer& buffer);

// A file kept open that may appear and vanish while we run: after a failed open it is tried again
// only once in kRetryReads reads, so that what a host lacks costs nothing.
class KeptFile {
 public:
  static constexpr unsigned kRetryReads = 60;

  explicit KeptFile(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  Result<std::string_view> read(int dir_fd, Buffer& buffer);

 private:
  std::string path_;
  KernelFile file_;
  Error failure_{};
  unsigned wait_ = 0;
};

}  // namespace hostmeter::base
