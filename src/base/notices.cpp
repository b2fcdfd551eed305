#include "base/notices.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/capabilities.hpp"
#include "base/open_file.hpp"

namespace hostmeter::base {

namespace {

constexpr std::uint32_t kEntries = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;
constexpr std::uint32_t kAndWrites = kEntries | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t kAndModes = kAndWrites | IN_ATTRIB;

constexpr std::uint32_t interest(Notices::Of of) {
  if (of == Notices::Of::entries) return kEntries;
  return of == Notices::Of::entries_and_writes ? kAndWrites : kAndModes;
}

}  // namespace

Notices::Notices(Of of, std::size_t buffer)
    : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      interest_(interest(of)),
      buffer_size_(buffer),
      buffer_(std::make_unique<char[]>(buffer)) {}

Result<int> Notices::add(int dir_fd) {
  if (!fd_) return Error{EMFILE, "notification descriptor"};
  constexpr std::string_view kOwn = "/proc/self/fd/";
  std::array<char, 32> path{};
  kOwn.copy(path.data(), kOwn.size());
  std::to_chars(path.data() + kOwn.size(), path.data() + path.size() - 1, dir_fd);
  const auto ask = [&] { return ::inotify_add_watch(fd_.get(), path.data(), interest_); };
  int watch = ask();
  if (watch < 0 && errno == EACCES) {  // closed to us, and so must be asked as it was opened
    const Raised rights(right_to_read());
    watch = ask();
  }
  if (watch < 0) return Error{errno, "watch a directory"};
  return watch;
}

void Notices::remove(int watch) {
  ::inotify_rm_watch(fd_.get(), watch);  // EINVAL: it went with its directory
}

std::size_t Notices::fill() {
  if (!fd_) return 0;
  ssize_t got = 0;
  do {
    got = ::read(fd_.get(), buffer_.get(), buffer_size_);
  } while (got < 0 && errno == EINTR);
  return got > 0 ? std::size_t(got) : 0;
}

Notices::Read Notices::read_at(std::size_t at) const {
  inotify_event event{};
  std::memcpy(&event, buffer_.get() + at, sizeof event);
  const std::uint32_t mask = event.mask;
  const auto has = [mask](std::uint32_t bits) { return (mask & bits) != 0; };
  const char* const name = buffer_.get() + at + sizeof event;
  return {{.watch = event.wd,
           .name = event.len > 0 ? std::string_view(name, ::strnlen(name, event.len))
                                 : std::string_view(),
           .is_made = has(IN_CREATE | IN_MOVED_TO),
           .is_closed = has(IN_CLOSE_WRITE | IN_MOVED_TO),
           .is_gone = has(IN_DELETE | IN_MOVED_FROM),
           .is_directory = has(IN_ISDIR),
           .is_self = has(IN_DELETE_SELF | IN_MOVE_SELF),
           .is_over = has(IN_IGNORED)},
          has(IN_Q_OVERFLOW),
          at + sizeof event + event.len};
}

}  // namespace hostmeter::base
