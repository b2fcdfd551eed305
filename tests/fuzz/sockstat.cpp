// Any bytes as sockstat: pages and bytes come together.
#include "source/proc/sockstat.hpp"

#include <cstddef>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  using namespace hostmeter;
  using namespace hostmeter::source::proc;
  const auto facts = parse_sockstat(text, 4096, {});
  if (facts && facts->get(Sockstat::tcp_mem) && !facts->get(Sockstat::tcp_mem_bytes))
    __builtin_trap();
  return 0;
}
