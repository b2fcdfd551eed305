#include "source/script/packets.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace hostmeter::source::script {
namespace {

// Room for more than the two that are meant: what does not fit would be dropped by the kernel, but
// a cut control message may leave one behind.
constexpr std::size_t kMostFds = 8;
struct Control {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kMostFds * sizeof(int))> bytes{};
};

void take_fds(msghdr& header, Packet& packet) {
  std::size_t taken = 0;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
      base::UniqueFd owned(fd);
      if (taken < packet.fds.size()) packet.fds[taken++] = std::move(owned);
    }
  }
}

}  // namespace

bool is_passing(const Error& error) {
  return error.code == EAGAIN || error.code == ENOMEM || error.code == ENOBUFS ||
         error.code == ETOOMANYREFS;
}

Result<std::array<base::UniqueFd, 2>> packet_socket() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0)
    return Error{errno, "socketpair"};
  return std::array{base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

std::optional<Error> send_packet(int socket, std::string_view bytes, std::span<const int> fds) {
  iovec data{const_cast<char*>(bytes.data()), bytes.size()};
  Control control;
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  if (!fds.empty()) {
    if (fds.size() > kMostFds) return Error{EINVAL, "send"};
    header.msg_control = control.bytes.data();
    header.msg_controllen = CMSG_SPACE(fds.size_bytes());
    cmsghdr* const part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(fds.size_bytes());
    std::memcpy(CMSG_DATA(part), fds.data(), fds.size_bytes());
  }
  while (::sendmsg(socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    if (errno != EINTR) return Error{errno == ECONNRESET ? EPIPE : errno, "send"};
  return {};
}

Result<Packet> receive_packet(int socket) {
  Packet packet;
  // Most find nothing or little: what of it is not written to costs nothing.
  std::array<char, kLongestPacket> buffer;
  iovec data{buffer.data(), buffer.size()};
  Control control;
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  header.msg_control = control.bytes.data();
  header.msg_controllen = control.bytes.size();
  ssize_t size = 0;
  while ((size = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT)) < 0)
    if (errno != EINTR) return Error{errno == ECONNRESET ? EPIPE : errno, "receive"};
  take_fds(header, packet);
  // At our limit of descriptors the kernel drops some, or all.
  if ((header.msg_flags & MSG_CTRUNC) != 0)
    for (base::UniqueFd& fd : packet.fds) fd.reset();
  if (size == 0) return Error{EPIPE, "receive"};
  packet.is_cut = (header.msg_flags & MSG_TRUNC) != 0;
  packet.bytes.assign(buffer.data(), std::size_t(size));
  return packet;
}

}  // namespace hostmeter::source::script
