// The names in a directory, read at ticks: without allocation.
#pragma once
#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <string_view>

#include "base/open_file.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::proc {

// Calls use(string_view) for each entry but . and .., in the kernel's order. Names are
// null-terminated and valid during the call. Returns how many there were.
template <class Use>
Result<std::size_t> list_names(int dir_fd, const char* path, Use&& use) {
  const base::UniqueFd dir = base::open_file(dir_fd, path, O_RDONLY | O_DIRECTORY);
  if (!dir) return Error{errno, "open directory"};
  alignas(dirent64) char entries[4096];
  std::size_t names = 0;
  while (true) {
    const ssize_t filled = ::getdents64(dir.get(), entries, sizeof entries);
    if (filled < 0) return Error{errno, "read directory"};
    if (filled == 0) return names;
    for (ssize_t at = 0; at < filled;) {
      const auto* entry = reinterpret_cast<const dirent64*>(entries + at);
      at += entry->d_reclen;
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      ++names;
      use(name);
    }
  }
}

}  // namespace hostmeter::source::proc
