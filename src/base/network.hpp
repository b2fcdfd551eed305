// Ranges of IP addresses, as "10.0.0.0/8" writes them.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hostmeter::base {

// IPv6; an IPv4 address is the one that IPv6 maps it to.
using IpAddress = std::array<std::uint8_t, 16>;

std::optional<IpAddress> parse_ip(std::string_view text);

// Of the other end of a connection. Nothing: it has no IP address.
std::optional<IpAddress> peer_address(int socket);

class Network {
 public:
  // "10.0.0.0/8", "fd00::/8", or an address alone. Bits behind the prefix are of no account.
  static std::optional<Network> parse(std::string_view text);

  // An IPv4 address is in networks of IPv4 alone, "::/0" or not.
  bool has(const IpAddress& address) const;
  friend bool operator==(const Network&, const Network&) = default;

 private:
  IpAddress prefix_{};
  unsigned length_ = 0;  // bits
};

}  // namespace hostmeter::base
