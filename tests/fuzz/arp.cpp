// Any bytes as the ARP table: no more neighbours than lines, each at a device that has a name.
#include "source/proc/arp.hpp"

#include <algorithm>
#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter::source::proc;
  std::vector<ArpDevice> devices;
  if (!parse_arp(text, devices)) return 0;
  std::uint64_t all = 0;
  for (const ArpDevice& one : devices) {
    if (one.device.empty() || one.entries == 0) __builtin_trap();
    all += one.entries;
  }
  if (all > std::uint64_t(std::count(text.begin(), text.end(), '\n'))) __builtin_trap();
  return 0;
}
