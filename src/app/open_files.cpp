// How many file descriptors we hold.
#include "app/open_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <array>

#include "base/unique_fd.hpp"
#include "hostmeter/base/text.hpp"

namespace hostmeter::app {

// Since f1f1f2569901 (6.2) the size of /proc/PID/fd is the number of descriptors; before it is 0.
std::optional<std::uint64_t> OpenFiles::count() {
  struct stat status {};
  if (::stat(directory_, &status) != 0) return {};
  if (status.st_size > 0) return std::uint64_t(status.st_size);
  if (until_count_ == 0) counted_ = entries();
  until_count_ = (until_count_ == 0 ? kCountTicks : until_count_) - 1;
  return counted_;
}

// All but the one that it takes to look.
std::optional<std::uint64_t> OpenFiles::entries() const {
  const base::UniqueFd directory(::open(directory_, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return {};
  alignas(dirent64) std::array<char, 4096> buffer;
  std::uint64_t found = 0;
  while (found <= kMost) {
    const ssize_t got = ::getdents64(directory.get(), buffer.data(), buffer.size());
    if (got < 0) return {};
    if (got == 0) return found;
    for (ssize_t at = 0; at < got;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer.data() + at);
      at += entry->d_reclen;
      const auto number = Text::to_number(entry->d_name);
      if (number && *number != std::uint64_t(directory.get())) ++found;
    }
  }
  return {};
}

}  // namespace hostmeter::app
