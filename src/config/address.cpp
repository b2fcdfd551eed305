#include "config/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "hostmeter/base/text.hpp"

namespace hostmeter::config {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The shortest way to write an IP address of that family; nothing when it is none.
std::optional<std::string> shortest(int family, const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  std::array<char, INET6_ADDRSTRLEN> written{};
  if (::inet_pton(family, text.c_str(), bytes.data()) != 1) return {};
  if (!::inet_ntop(family, bytes.data(), written.data(), written.size())) return {};
  return std::string(written.data());
}

bool is_host_name(std::string_view name) {
  if (name.size() > 253) return false;
  while (true) {
    const auto dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
      return false;
    if (!std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '-'; }))
      return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

bool is_zone(std::string_view zone) {
  return !zone.empty() && zone.size() < 16 && std::all_of(zone.begin(), zone.end(), [](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

// The inside of the brackets of "[fe80::1%eth0]".
std::optional<std::string> parse_v6(std::string_view inside) {
  const auto percent = inside.find('%');
  auto address = shortest(AF_INET6, std::string(inside.substr(0, percent)));
  if (!address || percent == std::string_view::npos) return address;
  if (!is_zone(inside.substr(percent + 1))) return {};
  return *address + std::string(inside.substr(percent));
}

std::optional<std::string> parse_host(std::string_view host) {
  if (host.empty()) return std::string();
  if (host.starts_with('[') && host.ends_with(']'))
    return parse_v6(host.substr(1, host.size() - 2));
  const bool is_v4 = host.find_first_not_of("0123456789.") == std::string_view::npos;
  if (is_v4) return shortest(AF_INET, std::string(host));
  if (!is_host_name(host)) return {};
  std::string name(host);
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return name;
}

bool is_all(const std::string& host) {
  return host.empty() || host == "0.0.0.0" || host == "::";
}

}  // namespace

std::variant<Address, std::string> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || text.ends_with(']'))
    return "has no port; write \"HOST:PORT\" or \":PORT\", such as \":9273\"";
  const auto port = Text::to_number(text.substr(colon + 1));
  if (!port || *port < 1 || *port > 65'535)
    return "has no valid port; ports are 1 to 65535, such as in \":9273\"";
  const std::string_view host = text.substr(0, colon);
  if (host.find(':') != std::string_view::npos && !host.starts_with('['))
    return "is an IPv6 address without brackets; write \"[::1]:9273\"";
  auto parsed = parse_host(host);
  if (!parsed)
    return "has no valid host; write an IP address, a host name, or nothing before the colon "
           "for all addresses";
  return Address{std::move(*parsed), std::uint16_t(*port)};
}

std::string to_string(const Address& address) {
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return (is_v6 ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

bool clash(const Address& one, const Address& other) {
  return one.port == other.port &&
         (one.host == other.host || is_all(one.host) || is_all(other.host));
}

}  // namespace hostmeter::config
