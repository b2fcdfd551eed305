// Where a listener listens: "HOST:PORT".
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hostmeter::config {

struct Address {
  std::string host;  // an IP address without brackets, a host name, or empty: all addresses
  std::uint16_t port = 0;
  friend bool operator==(const Address&, const Address&) = default;
};

// ":9273", "127.0.0.1:9273", "[::1]:9273", "localhost:9273"; or what is wrong with it. IP
// addresses come back in their shortest form, names in lower case.
std::variant<Address, std::string> parse_address(std::string_view text);

std::string to_string(const Address& address);

// Whether two listeners could not both have their address: the same one, or the same port when one
// of them wants all addresses.
bool clash(const Address& one, const Address& other);

}  // namespace hostmeter::config
