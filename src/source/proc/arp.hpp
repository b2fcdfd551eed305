#pragma once
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "hostmeter/base/result.hpp"

namespace hostmeter::source::proc {

struct ArpDevice {
  std::string_view device;
  std::uint64_t entries = 0;
};

// /proc/net/arp: a heading, then a line for each neighbour, its interface last. Adds to devices,
// which point into the text. EBADMSG: a line has too few columns.
Result<std::monostate> parse_arp(std::string_view text, std::vector<ArpDevice>& devices);

}  // namespace hostmeter::source::proc
