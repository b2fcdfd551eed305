// A socket of NETLINK_ROUTE, or of NETLINK_SOCK_DIAG.
#pragma once
#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"
#include "source/host.hpp"
#include "source/net/netlink.hpp"

namespace hostmeter::source::net {

// Asks the kernel and reads its answers into one bounded buffer. The kernel answers while it is
// asked, so receiving does not wait; a timeout guards against one that does not. Asking itself may
// wait for the kernel's RTNL lock, as any rtnetlink user does.
class NetlinkSocket {
 public:
  NetlinkSocket() = default;

  // In the netns of the host. Entering it from another needs CAP_SYS_ADMIN. What later asks about
  // other namespaces needs CAP_NET_ADMIN twice: now, and while asking.
  static Result<NetlinkSocket> open(const Host& host);

  // The same, to hear of devices (RTNLGRP_LINK) and of namespaces that go (RTNLGRP_NSID).
  static Result<NetlinkSocket> open_listener(const Host& host);

  // To ask about the sockets of the host's netns, which takes no right.
  static Result<NetlinkSocket> open_diagnosis(const Host& host);

  // False also after an answer that was damaged or late: what follows it could not be trusted.
  // What the kernel refused is no such case.
  explicit operator bool() const { return bool(fd_); }

  // Calls use(const Message&) for all the kernel lists. Twice, if its table changed meanwhile:
  // Progress::interrupted says that even the second list may lack some or have some twice.
  template <class Use>
  Result<Progress> dump(Request& request, Use&& use) {
    auto progress = exchange(request, use);
    if (progress && progress->interrupted) progress = exchange(request, use);
    return progress;
  }

  // Calls use(const Message&) for the answer, if there is more to it than a yes. The request has
  // NLM_F_ACK, which ends its answer.
  template <class Use>
  Result<Progress> ask(Request& request, Use&& use) {
    return exchange(request, use);
  }

  // Asks count questions of one message each, without NLM_F_ACK, many at once: a fourth of what
  // they cost one by one. make(i) is the Request of question i; use(i, const Message&) gets its
  // answer, unless the kernel refused it or it is longer than kMost bytes.
  template <std::size_t kMost, class Make, class Use>
  Error ask_each(std::size_t count, Make&& make, Use&& use);

  // The next notification that is waiting; empty when there is none. ENOBUFS: some were lost.
  Result<Bytes> heard();

 private:
  // Messages of one answer, whatever they are: 10,000 devices are about 2,500 of them.
  static constexpr unsigned kMostDatagrams = 100'000;
  static constexpr std::size_t kBufferSize = 32U << 10;  // the most the kernel sends at once
  static constexpr std::size_t kMostTogether = 32;       // of a batch; answers fit into a socket

  struct Answer {
    std::uint32_t sequence = 0;
    Bytes bytes;
    bool is_whole = true;  // else its beginning
  };
  using Batch = std::array<Answer, kMostTogether>;

  static Result<NetlinkSocket> open(const Host& host, int protocol);
  static Result<NetlinkSocket> open_here(int protocol);
  static Result<NetlinkSocket> open_in_host(const Host& host, int protocol);

  template <class Use>
  Result<Progress> exchange(Request& request, Use& use) {
    if (const Error error = send(request); error.code != 0) return error;
    bool interrupted = false;
    for (unsigned i = 0; i < kMostDatagrams; ++i) {
      const auto datagram = receive(0);
      if (!datagram) return given_up(datagram.error());
      const auto progress = read_answer(*datagram, sequence_, use);
      if (!progress) return given_up(progress.error());
      interrupted |= progress->interrupted;
      if (progress->refused != 0) return Error{progress->refused, "netlink: refused"};
      if (progress->done) return Progress{true, interrupted};
    }
    return given_up(Error{EBADMSG, "netlink: endless answer"});
  }

  Error send(Request& request);
  Error send(Bytes requests);
  Result<Bytes> receive(int flags);
  // Waits for one and takes what else is there, wanted at most. How many.
  Result<std::size_t> receive(Batch& batch, std::size_t wanted, std::size_t most);
  // Nothing: it was refused, or is too long.
  static Result<std::optional<Message>> content_of(const Answer& answer);
  template <class Use>
  Error hear_each(std::uint32_t first, std::size_t asked, std::size_t most, Use&& use);
  Error given_up(const Error& error);

  base::UniqueFd fd_;
  std::unique_ptr<std::byte[]> buffer_;
  std::uint32_t sequence_ = 0;
};

template <std::size_t kMost, class Make, class Use>
Error NetlinkSocket::ask_each(std::size_t count, Make&& make, Use&& use) {
  static_assert(kMost >= sizeof(nlmsghdr) && kMost <= kBufferSize);
  constexpr std::size_t kTogether = std::min(kMostTogether, kBufferSize / kMost);
  for (std::size_t done = 0; done < count; done += kTogether) {
    const std::size_t asked = std::min(kTogether, count - done);
    const std::uint32_t first = sequence_ + 1;
    std::array<std::byte, kTogether * Request::kMostBytes> requests;
    std::size_t size = 0;
    for (std::size_t i = 0; i < asked; ++i) {
      Request request = make(done + i);
      request.number(++sequence_);
      size = std::size_t(std::ranges::copy(request.bytes(), &requests[size]).out - &requests[0]);
    }
    Error error = send(Bytes(requests).first(size));
    if (error.code == 0)
      error = hear_each(first, asked, kMost,
                        [&](std::size_t i, const Message& message) { use(done + i, message); });
    if (error.code != 0) return error;
  }
  return {};
}

// The answers to so many questions, numbered from first on. What the kernel refused is answered,
// too, with nothing to use; and so is what is too long.
template <class Use>
Error NetlinkSocket::hear_each(std::uint32_t first, std::size_t asked, std::size_t most,
                               Use&& use) {
  for (std::size_t heard = 0; heard < asked;) {
    Batch batch;
    const auto received = receive(batch, asked - heard, most);
    if (!received) return given_up(received.error());
    for (const Answer& answer : std::span(batch).first(*received)) {
      const std::uint32_t i = answer.sequence - first;
      if (i >= asked) continue;  // to what was asked before
      ++heard;
      const auto message = content_of(answer);
      if (!message) return given_up(message.error());
      if (*message) use(i, **message);
    }
  }
  return {};
}

}  // namespace hostmeter::source::net
