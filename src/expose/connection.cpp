#include "expose/connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hostmeter::expose {
namespace {

constexpr std::uint64_t kNsPerMs = 1'000'000, kLongestPollMs = 100;

}  // namespace

Connection::Connection(int socket, const Clock& clock, std::uint64_t request_ns,
                       std::uint64_t response_ns, const std::atomic<bool>& stopping)
    : socket_(socket),
      clock_(clock),
      response_ns_(response_ns),
      stopping_(stopping),
      deadline_ns_(clock.monotonic_ns() + request_ns) {}

bool Connection::is_readable() const {
  return next_ < filled_ || wait(POLLIN);
}
bool Connection::is_writable() const {
  return wait(POLLOUT);
}

ssize_t Connection::read(char* data, std::size_t size) {
  if (next_ == filled_)
    if (const ssize_t got = receive(); got <= 0) return got;
  const std::size_t length = std::min(size, filled_ - next_);
  std::memcpy(data, buffer_.data() + next_, length);
  next_ += length;
  return ssize_t(length);
}

char Connection::peek() {
  return next_ < filled_ || receive() > 0 ? buffer_[next_] : '\0';
}

// Into the buffer, which is empty.
ssize_t Connection::receive() {
  if (!wait(POLLIN)) return -1;
  const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (got <= 0) return got;
  next_ = 0;
  filled_ = std::size_t(got);
  return got;
}

void Connection::begin_response() {
  if (!writing_) deadline_ns_ = clock_.monotonic_ns() + response_ns_;
  writing_ = true;
}

ssize_t Connection::write(const char* data, std::size_t size) {
  begin_response();
  return send(data, size);
}

ssize_t Connection::send(const char* data, std::size_t size) {
  while (wait(POLLOUT)) {
    const ssize_t sent = ::send(socket_, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0 || (errno != EAGAIN && errno != EINTR)) return sent;
  }
  return -1;
}

// Nobody here asks who is at the other end.
void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}
void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

bool Connection::wait(short events) const {
  while (!stopping_) {
    const std::uint64_t now_ns = clock_.monotonic_ns();
    if (now_ns >= deadline_ns_) return false;
    pollfd poll{socket_, events, 0};
    const std::uint64_t left_ms = (deadline_ns_ - now_ns) / kNsPerMs + 1;
    const int ready = ::poll(&poll, 1, int(std::min(left_ms, kLongestPollMs)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
  return false;
}

}  // namespace hostmeter::expose
