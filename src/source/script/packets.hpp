// Whole messages over a SOCK_SEQPACKET socket, some with file descriptors.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "hostmeter/base/result.hpp"

namespace hostmeter::source::script {

inline constexpr std::size_t kLongestPacket = 64U << 10;

struct Packet {
  std::string bytes;
  // The first two that came; more are closed. Neither: none was sent, or we may not have them all.
  std::array<base::UniqueFd, 2> fds;
  bool is_cut = false;  // longer than kLongestPacket: the rest of it is lost
};

// EAGAIN, or short of memory or of descriptors under way: worth another try, but for EAGAIN after a
// pause, for what one waits for with poll() is there.
bool is_passing(const Error& error);

// Two ends, O_CLOEXEC, neither blocks.
Result<std::array<base::UniqueFd, 2>> packet_socket();

// EAGAIN: the other side has not read enough of what was sent.
std::optional<Error> send_packet(int socket, std::string_view bytes, std::span<const int> fds = {});

// EAGAIN: nothing has come. EPIPE: the other side is gone.
Result<Packet> receive_packet(int socket);

}  // namespace hostmeter::source::script
