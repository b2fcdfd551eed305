// Neighbours in the ARP table of one interface. Instance label: device.
#pragma once
#include "hostmeter/flow/facts.hpp"

namespace hostmeter {

enum class Arp : std::uint8_t { entries, count };
constexpr Group group_of(Arp) {
  return Group::arp;
}

}  // namespace hostmeter
