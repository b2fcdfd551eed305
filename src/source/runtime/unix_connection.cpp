#include "source/runtime/unix_connection.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>

namespace hostmeter::source::runtime {
namespace {

// A host mounted elsewhere has links such as /var/run -> /run, which lead to our own files if they
// are followed from our root. Before openat2 (Linux 5.6), or where a filter forbids it, they are.
base::UniqueFd open_inside(int root, const char* path) {
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT;
  base::UniqueFd fd(int(::syscall(SYS_openat2, root, path, &how, sizeof how)));
  if (fd || (errno != ENOSYS && errno != EPERM)) return fd;
  return base::UniqueFd(::openat(root, path, O_PATH | O_CLOEXEC));
}

}  // namespace

Result<UnixConnection> UnixConnection::open(const base::Dir& root, const char* path,
                                            const Clock& clock, const Interrupt& interrupt) {
  const base::UniqueFd file = open_inside(root.fd(), path);
  if (!file) return Error{errno, "find socket"};
  base::UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return Error{errno, "make socket"};
  // The file that was found, however long its path is.
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string link = "/proc/self/fd/" + std::to_string(file.get());
  std::copy(link.begin(), link.end(), address.sun_path);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return Error{errno, "connect to socket"};
  return UnixConnection(std::move(fd), clock, interrupt);
}

std::optional<Error> UnixConnection::wait(short events, std::uint64_t deadline_ns) const {
  pollfd polls[] = {{fd_.get(), events, 0}, interrupt_->waiting()};
  const int ready = poll_until(polls, deadline_ns, *clock_);
  if (interrupt_->is_raised()) return Error{ECANCELED, "wait for runtime"};
  if (ready > 0 || (ready < 0 && errno == EINTR)) return {};
  return Error{ready == 0 ? ETIMEDOUT : errno, "wait for runtime"};
}

std::optional<Error> UnixConnection::write(std::string_view bytes, std::uint64_t deadline_ns) {
  while (!bytes.empty()) {
    const ssize_t written = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written >= 0)
      bytes.remove_prefix(std::size_t(written));
    else if (errno != EAGAIN && errno != EINTR)
      return Error{errno, "ask runtime"};
    else if (const auto failure = wait(POLLOUT, deadline_ns))
      return failure;
  }
  return {};
}

Result<std::size_t> UnixConnection::read(std::span<char> bytes, std::uint64_t deadline_ns) {
  while (true) {
    if (interrupt_->is_raised()) return Error{ECANCELED, "wait for runtime"};
    const ssize_t length = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (length >= 0) return std::size_t(length);
    if (errno != EAGAIN && errno != EINTR) return Error{errno, "read from runtime"};
    if (const auto failure = wait(POLLIN, deadline_ns)) return *failure;
  }
}

std::optional<pid_t> UnixConnection::listener() const {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.pid <= 0)
    return {};
  return peer.pid;
}

}  // namespace hostmeter::source::runtime
