// Any bytes as nf_conntrack: never accepted without a value, never the entries.
#include "source/proc/conntrack.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter;
  using namespace hostmeter::source::proc;
  const auto facts = parse_conntrack_stat(text);
  if (facts && (facts->empty() || facts->get(Conntrack::entries))) __builtin_trap();
  return 0;
}
