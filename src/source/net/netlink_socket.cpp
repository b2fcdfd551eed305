#include "source/net/netlink_socket.hpp"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdlib>

#include "base/capabilities.hpp"

namespace hostmeter::source::net {
namespace {

constexpr timeval kTimeout{.tv_sec = 0, .tv_usec = 100'000};

Result<base::UniqueFd> open_netns(const Host& host, const char* path) {
  base::UniqueFd fd(::openat(host.proc.fd(), path, O_RDONLY | O_CLOEXEC));
  if (!fd) return Error{errno, "netlink: host's netns"};
  return fd;
}

}  // namespace

Result<NetlinkSocket> NetlinkSocket::open_here(int protocol) {
  NetlinkSocket socket;
  socket.fd_ = base::UniqueFd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
  if (!socket.fd_) return Error{errno, "netlink: socket"};
  sockaddr_nl any{};
  any.nl_family = AF_NETLINK;
  if (::bind(socket.fd_.get(), reinterpret_cast<sockaddr*>(&any), sizeof any) != 0 ||
      ::setsockopt(socket.fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &kTimeout, sizeof kTimeout) != 0)
    return Error{errno, "netlink: bind"};
  socket.buffer_ = std::make_unique<std::byte[]>(kBufferSize);
  return socket;
}

// A socket belongs to the netns it was made in, for good: only making it needs to be there.
Result<NetlinkSocket> NetlinkSocket::open_in_host(const Host& host, int protocol) {
  const base::Raised rights({CAP_SYS_PTRACE, CAP_SYS_ADMIN});
  const auto own = open_netns(host, "thread-self/ns/net");
  if (!own) return own.error();
  const auto theirs = open_netns(host, "1/ns/net");
  if (!theirs) return theirs.error();
  if (::setns(theirs->get(), CLONE_NEWNET) != 0) return Error{errno, "netlink: setns"};
  auto socket = open_here(protocol);
  if (::setns(own->get(), CLONE_NEWNET) != 0) std::abort();
  return socket;
}

Result<NetlinkSocket> NetlinkSocket::open(const Host& host) {
  const base::Raised rights({CAP_NET_ADMIN});  // noted in the socket, where later asking looks too
  return open(host, NETLINK_ROUTE);
}

Result<NetlinkSocket> NetlinkSocket::open_diagnosis(const Host& host) {
  return open(host, NETLINK_SOCK_DIAG);
}

Result<NetlinkSocket> NetlinkSocket::open(const Host& host, int protocol) {
  return host.net == "net" ? open_here(protocol) : open_in_host(host, protocol);
}

Result<NetlinkSocket> NetlinkSocket::open_listener(const Host& host) {
  auto socket = open(host);
  if (!socket) return socket;
  for (const int group : {int(RTNLGRP_LINK), int(RTNLGRP_NSID)})
    if (::setsockopt(socket->fd_.get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
                     sizeof group) != 0)
      return Error{errno, "netlink: group"};
  return socket;
}

Result<Bytes> NetlinkSocket::heard() {
  auto datagram = receive(MSG_DONTWAIT);
  if (datagram) return datagram;
  if (datagram.error().code == EAGAIN) return Bytes();
  if (datagram.error().code != ENOBUFS) return given_up(datagram.error());
  return datagram;
}

Error NetlinkSocket::send(Request& request) {
  request.number(++sequence_);
  return send(request.bytes());
}

Error NetlinkSocket::send(Bytes requests) {
  if (!fd_) return {EBADF, "netlink: closed"};
  if (::send(fd_.get(), requests.data(), requests.size(), 0) == ssize_t(requests.size())) return {};
  return given_up({errno, "netlink: send"});
}

Result<Bytes> NetlinkSocket::receive(int flags) {
  while (true) {
    sockaddr_nl sender{};
    iovec into{buffer_.get(), kBufferSize};
    msghdr message{};
    message.msg_name = &sender;
    message.msg_namelen = sizeof sender;
    message.msg_iov = &into;
    message.msg_iovlen = 1;
    const ssize_t got = ::recvmsg(fd_.get(), &message, flags);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error{errno, "netlink: receive"};
    if (sender.nl_pid != 0) continue;  // another process, not the kernel
    if ((message.msg_flags & MSG_TRUNC) != 0) return Error{EBADMSG, "netlink: truncated"};
    if (got == 0) return Error{EBADMSG, "netlink: empty"};
    return Bytes(buffer_.get(), std::size_t(got));
  }
}

Result<std::size_t> NetlinkSocket::receive(Batch& batch, std::size_t wanted, std::size_t most) {
  std::array<mmsghdr, kMostTogether> messages{};
  std::array<iovec, kMostTogether> parts{};
  std::array<sockaddr_nl, kMostTogether> senders{};
  for (std::size_t i = 0; i < wanted; ++i) {
    parts[i] = {buffer_.get() + i * most, most};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_name = &senders[i];
    messages[i].msg_hdr.msg_namelen = sizeof senders[i];
  }
  int got = -1;
  do got = ::recvmmsg(fd_.get(), messages.data(), unsigned(wanted), MSG_WAITFORONE, nullptr);
  while (got < 0 && errno == EINTR);
  if (got < 0) return Error{errno, "netlink: receive"};
  std::size_t count = 0;
  for (std::size_t i = 0; i < std::size_t(got); ++i) {
    if (senders[i].nl_pid != 0) continue;  // another process, not the kernel
    const Bytes bytes(buffer_.get() + i * most, messages[i].msg_len);
    const auto header = leading<nlmsghdr>(bytes);
    if (!header) return Error{EBADMSG, "netlink: message"};
    batch[count++] = {header->nlmsg_seq, bytes, (messages[i].msg_hdr.msg_flags & MSG_TRUNC) == 0};
  }
  return count;
}

Result<std::optional<Message>> NetlinkSocket::content_of(const Answer& answer) {
  if (!answer.is_whole) return std::optional<Message>();
  const auto message = Messages(answer.bytes).next();
  if (!message) return Error{EBADMSG, "netlink: message"};
  const auto part = part_of(*message, answer.sequence);
  if (!part) return part.error();
  return part->part == Part::content ? message : std::nullopt;
}

Error NetlinkSocket::given_up(const Error& error) {
  fd_.reset();
  return error;
}

}  // namespace hostmeter::source::net
