// Any bytes as a line of /proc/net/tcp and as a message of netlink: refused, or one more socket.
#include "source/proc/tcp_states.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>

using namespace hostmeter;

namespace {

void count(const Result<source::proc::TcpSocket>& socket) {
  if (!socket) return;
  source::proc::TcpCount sockets;
  sockets.add(*socket);
  std::uint64_t all = 0;
  for (std::size_t i = 0; i <= std::size_t(TcpStates::none); ++i)
    all += *sockets.facts().get(TcpStates(i));
  if (all != 1) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  count(source::proc::parse_tcp_line({reinterpret_cast<const char*>(data), size}));
  count(source::proc::parse_tcp_message(std::as_bytes(std::span(data, size))));
  return 0;
}
