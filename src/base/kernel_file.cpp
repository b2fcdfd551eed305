#include "base/kernel_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "base/open_file.hpp"

namespace hostmeter::base {

bool Buffer::grow() {
  if (size_ >= kMost) return false;
  auto larger = std::make_unique<char[]>(size_ * 2);
  std::memcpy(larger.get(), data_.get(), size_);
  data_ = std::move(larger);
  size_ *= 2;
  return true;
}

Result<KernelFile> KernelFile::open_at(int dir_fd, const char* name) {
  UniqueFd fd = open_file(dir_fd, name, O_RDONLY | O_NOCTTY | O_NONBLOCK);
  if (!fd) return Error{errno, "open kernel file"};
  return KernelFile(std::move(fd));
}

Result<std::string_view> KernelFile::read(Buffer& buffer) const {
  return read_until(buffer, false);
}

Result<std::string_view> KernelFile::read_single(Buffer& buffer) const {
  return read_until(buffer, true);
}

// A file of many records (diskstats, net/dev, mountinfo) comes page by page: only a read of 0 is
// its end.
Result<std::string_view> KernelFile::read_until(Buffer& buffer, bool short_read_ends) const {
  std::size_t filled = 0;
  while (true) {
    if (filled == buffer.size() && !buffer.grow()) return Error{EFBIG, "read kernel file"};
    const ssize_t got =
        ::pread(fd_.get(), buffer.data() + filled, buffer.size() - filled, off_t(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{errno, "read kernel file"};
    if (got == 0) return std::string_view(buffer.data(), filled);
    filled += std::size_t(got);
    if (short_read_ends && filled < buffer.size()) return std::string_view(buffer.data(), filled);
  }
}

Result<std::string_view> read_once(int dir_fd, const char* name, Buffer& buffer) {
  auto file = KernelFile::open_at(dir_fd, name);
  if (!file) return file.error();
  return file->read(buffer);
}

Result<std::string_view> KeptFile::read(int dir_fd, Buffer& buffer) {
  if (!file_) {
    if (wait_ > 0) {
      --wait_;
      return failure_;
    }
    auto opened = KernelFile::open_at(dir_fd, path_.c_str());
    if (!opened) {
      wait_ = kRetryReads;
      return failure_ = opened.error();
    }
    file_ = std::move(*opened);
  }
  auto text = file_.read(buffer);
  if (!text && is_gone(text.error())) file_ = {};
  return text;
}

}  // namespace hostmeter::base
