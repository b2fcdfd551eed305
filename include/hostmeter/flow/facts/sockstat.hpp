// Sockets of the host by protocol.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

// Under the kernel's names. mem is in pages, memory in bytes.
enum class Sockstat : std::uint8_t {
  sockets_used,
  tcp_inuse,
  tcp_orphan,
  tcp_tw,
  tcp_alloc,
  tcp_mem,
  tcp_mem_bytes,
  udp_inuse,
  udp_mem,
  udp_mem_bytes,
  udp_lite_inuse,
  raw_inuse,
  frag_inuse,
  frag_memory,
  tcp6_inuse,
  udp6_inuse,
  udp_lite6_inuse,
  raw6_inuse,
  frag6_inuse,
  frag6_memory,
  count
};
constexpr Group group_of(Sockstat) {
  return Group::sockstat;
}

}  // namespace hostmeter
