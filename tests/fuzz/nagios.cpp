// Any bytes as what a plugin of Nagios prints: names and labels that Prometheus takes, and no more
// of them than may be.
#include <cstdint>

#include "written_again.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hostmeter::parse;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_output(text, {.format = Format::nagios});
  return 0;
}
