// Any bytes as snmp, netstat and snmp6: what was known before is kept.
#include "source/proc/netstat.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter;
  using namespace hostmeter::source::proc;
  Facts<Netstat> before;
  before.set(Netstat::ip_forwarding, 1);
  if (const auto facts = parse_protocols(text, before); facts && facts->empty()) __builtin_trap();
  if (const auto facts = parse_snmp6(text, before); facts && facts->empty()) __builtin_trap();
  return 0;
}
