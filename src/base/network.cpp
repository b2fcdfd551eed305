#include "base/network.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace hostmeter::base {
namespace {

constexpr unsigned kMappedBits = 96;

IpAddress mapped(const in_addr& address) {
  IpAddress all{};
  all[10] = all[11] = 0xff;
  std::memcpy(all.data() + kMappedBits / 8, &address, sizeof address);
  return all;
}

// With zeros behind the first bits of it.
IpAddress first_bits(IpAddress address, unsigned length) {
  for (unsigned i = 0; i < address.size(); ++i) {
    const int kept = std::clamp(int(length) - int(i) * 8, 0, 8);
    address[i] = std::uint8_t(address[i] & (0xff00U >> kept));
  }
  return address;
}

}  // namespace

std::optional<IpAddress> parse_ip(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN + 1> copy{};
  if (text.size() >= copy.size()) return {};
  text.copy(copy.data(), text.size());
  if (in_addr four{}; ::inet_pton(AF_INET, copy.data(), &four) == 1) return mapped(four);
  IpAddress six{};
  if (::inet_pton(AF_INET6, copy.data(), six.data()) != 1) return {};
  return six;
}

std::optional<IpAddress> peer_address(int socket) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return {};
  if (peer.ss_family == AF_INET) return mapped(reinterpret_cast<const sockaddr_in&>(peer).sin_addr);
  if (peer.ss_family != AF_INET6) return {};
  IpAddress six{};
  std::memcpy(six.data(), &reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr, six.size());
  return six;
}

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) return {};
  const bool is_four = text.substr(0, slash).find(':') == std::string_view::npos;
  unsigned length = is_four ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const unsigned most = length;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (failure != std::errc() || end != digits.data() + digits.size() || length > most) return {};
  }
  Network network;
  network.length_ = length + (is_four ? kMappedBits : 0);
  network.prefix_ = first_bits(*address, network.length_);
  return network;
}

bool Network::has(const IpAddress& address) const {
  const bool is_four = first_bits(address, kMappedBits) == mapped({});
  return (!is_four || length_ >= kMappedBits) && first_bits(address, length_) == prefix_;
}

}  // namespace hostmeter::base
