#include "source/cgroup/watches.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

#include "base/capabilities.hpp"
#include "base/open_file.hpp"

namespace hostmeter::source::cgroup {

Watches::Watches(std::size_t limit)
    : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      buffer_(std::make_unique<char[]>(kBuffer)),
      limit_(limit) {}

Result<int> Watches::add(int dir_fd) {
  if (!fd_) return Error{EMFILE, "notification descriptor"};
  if (size_ >= limit_) return Error{ENOSPC, "watch a cgroup"};
  constexpr std::string_view kOwn = "/proc/self/fd/";
  std::array<char, 32> path{};
  kOwn.copy(path.data(), kOwn.size());
  std::to_chars(path.data() + kOwn.size(), path.data() + path.size() - 1, dir_fd);
  const auto ask = [&] {
    return ::inotify_add_watch(fd_.get(), path.data(),
                               IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR);
  };
  int watch = ask();
  if (watch < 0 && errno == EACCES) {  // closed to us, and so must be asked as it was opened
    const base::Raised rights(base::right_to_read());
    watch = ask();
  }
  if (watch < 0) return Error{errno, "watch a cgroup"};
  ++size_;
  return watch;
}

void Watches::remove(int watch) {
  if (watch == kNone) return;
  ::inotify_rm_watch(fd_.get(), watch);  // EINVAL: the kernel took it away with the directory
  --size_;
}

std::size_t Watches::fill() {
  if (!fd_) return 0;
  ssize_t got = 0;
  do {
    got = ::read(fd_.get(), buffer_.get(), kBuffer);
  } while (got < 0 && errno == EINTR);
  return got > 0 ? std::size_t(got) : 0;
}

Watches::Event Watches::event_at(std::size_t at) const {
  inotify_event event{};
  std::memcpy(&event, buffer_.get() + at, sizeof event);
  return {event.wd, (event.mask & IN_Q_OVERFLOW) != 0, (event.mask & IN_ISDIR) != 0,
          at + sizeof event + event.len};
}

}  // namespace hostmeter::source::cgroup
