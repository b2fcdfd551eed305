// Being told what happens to the entries of directories: inotify.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::base {

class Notices {
 public:
  // One thing that happened; the name is valid until the next drain() and empty when it happened to
  // the directory itself.
  struct Notice {
    int watch;
    std::string_view name;
    bool is_made, is_closed, is_gone;  // an entry: appeared, was written, went away
    bool is_directory;                 // the entry
    bool is_self;                      // the directory itself was moved or removed
    bool is_over;                      // the kernel ended the watch
  };

  enum class Of : std::uint8_t { entries, entries_and_writes, entries_writes_and_modes };

  // Without a descriptor (too many of this user) nothing can be watched.
  explicit Notices(Of of = Of::entries_and_writes, std::size_t buffer = 16U << 10);
  int fd() const { return fd_.get(); }

  // Watches an open directory, which inotify has no call for: /proc/self/fd is how one is named.
  // The same number for the same directory. ENOSPC: no watches left for this user; EMFILE: no
  // descriptor.
  Result<int> add(int dir_fd);
  void remove(int watch);

  // Calls each(Notice) for what happened since the last call. False when some of it was lost. What
  // is beyond kMostReads buffers, which someone may be filling as fast as they are read, is left
  // for the next call.
  template <class Each>
  bool drain(Each&& each) {
    bool is_whole = true;
    for (unsigned reads = 0; reads < kMostReads; ++reads) {
      const std::size_t filled = fill();
      for (std::size_t at = 0; at < filled;) {
        const Read read = read_at(at);
        if (read.is_overflow)
          is_whole = false;
        else
          each(read.notice);
        at = read.next;
      }
      if (filled == 0) break;
    }
    return is_whole;
  }

 private:
  static constexpr unsigned kMostReads = 16;
  struct Read {
    Notice notice;
    bool is_overflow;
    std::size_t next;
  };

  std::size_t fill();
  Read read_at(std::size_t at) const;

  UniqueFd fd_;
  const std::uint32_t interest_;
  const std::size_t buffer_size_;
  std::unique_ptr<char[]> buffer_;
};

}  // namespace hostmeter::base
