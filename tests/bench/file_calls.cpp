#include "bench/file_calls.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdarg>

namespace {
thread_local hostmeter::bench::FileCalls* noting = nullptr;

int plain_openat(int dir, const char* path, int flags, unsigned mode) {
  return int(::syscall(SYS_openat, dir, path, flags, mode));
}
ssize_t plain_pread(int fd, void* buffer, std::size_t size, off_t offset) {
  return ::syscall(SYS_pread64, fd, buffer, size, offset);
}
int plain_close(int fd) {
  return int(::syscall(SYS_close, fd));
}
}  // namespace

namespace hostmeter::bench {
namespace {
constexpr std::size_t kCalls = 1U << 20, kPathBytes = 16U << 20, kDescriptors = 1U << 16,
                      kBuffer = 1U << 20;
constexpr int kNotOpen = -1;
}  // namespace

FileCalls::FileCalls() : reopened_(kDescriptors, kNotOpen), buffer_(kBuffer) {
  calls_.reserve(kCalls);
  paths_.reserve(kPathBytes);
}

void FileCalls::begin() {
  calls_.clear();
  paths_.clear();
  noting = this;
}

void FileCalls::end() {
  noting = nullptr;
}

void FileCalls::note_open(int dir, const char* path, int flags, int opened) {
  calls_.push_back({Kind::open, dir, flags, opened, 0, 0, paths_.size()});
  paths_.append(path).push_back('\0');
}
void FileCalls::note_read(int fd, std::size_t size, std::int64_t offset) {
  calls_.push_back({Kind::read, fd, 0, 0, size, offset, 0});
}
void FileCalls::note_close(int fd) {
  calls_.push_back({Kind::close, fd, 0, 0, 0, 0, 0});
}

void FileCalls::repeat() {
  for (const Call& call : calls_) {
    if (call.kind == Kind::open) {
      const int got = plain_openat(call.fd, paths_.data() + call.path, call.flags, 0);
      if (call.opened != kNotOpen) reopened_[std::size_t(call.opened)] = got;
      continue;
    }
    int& reopened = reopened_[std::size_t(call.fd)];
    if (call.kind == Kind::read) {
      const int fd = reopened == kNotOpen ? call.fd : reopened;
      plain_pread(fd, buffer_.data(), std::min(call.size, buffer_.size()), call.offset);
    } else if (reopened != kNotOpen) {
      plain_close(reopened);
      reopened = kNotOpen;
    }
  }
}

std::size_t FileCalls::opened_reads() const {
  return std::size_t(std::count_if(calls_.begin(), calls_.end(),
                                   [](const Call& call) { return call.kind == Kind::open; }));
}

std::size_t FileCalls::kept_reads() const {
  std::size_t kept = 0;
  std::vector<bool> opened(kDescriptors);
  for (const Call& call : calls_) {
    if (call.kind == Kind::open && call.opened != kNotOpen) opened[std::size_t(call.opened)] = true;
    if (call.kind == Kind::close) opened[std::size_t(call.fd)] = false;
    if (call.kind == Kind::read && !opened[std::size_t(call.fd)]) ++kept;
  }
  return kept;
}

}  // namespace hostmeter::bench

extern "C" {

int openat64(int dir, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const unsigned mode = (flags & O_CREAT) != 0 ? va_arg(more, unsigned) : 0;
  va_end(more);
  const int got = plain_openat(dir, path, flags, mode);
  if (noting) noting->note_open(dir, path, flags, got);
  return got;
}

ssize_t pread64(int fd, void* buffer, std::size_t size, off64_t offset) {
  const ssize_t got = plain_pread(fd, buffer, size, offset);
  if (noting) noting->note_read(fd, size, offset);
  return got;
}

int close(int fd) {
  if (noting) noting->note_close(fd);
  return plain_close(fd);
}

}  // extern "C"
