#pragma once
#include <string_view>

#include "hostmeter/base/result.hpp"
#include "hostmeter/flow/facts/tcp_states.hpp"
#include "source/net/netlink.hpp"

namespace hostmeter::source::proc {

struct TcpSocket {
  unsigned state = 0;  // as the kernel numbers it
  std::uint64_t received_queued = 0, sent_queued = 0;
};
// A message of the kernel's answer to SOCK_DIAG_BY_FAMILY.
Result<TcpSocket> parse_tcp_message(net::Bytes payload);
// A line of /proc/net/tcp and tcp6, below the first.
Result<TcpSocket> parse_tcp_line(std::string_view line);

// Adds it to those of its state.
class TcpCount {
 public:
  void add(const TcpSocket& socket);
  Facts<TcpStates> facts() const;

 private:
  std::array<std::uint64_t, std::size_t(TcpStates::count)> of_{};
};

}  // namespace hostmeter::source::proc
